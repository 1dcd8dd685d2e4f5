export default { title: "The door" };
