export default { title: "입장 확인" };
