export default { title: "Organiser" };
