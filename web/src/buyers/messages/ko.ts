export default { title: "예매" };
