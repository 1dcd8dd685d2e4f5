export default { title: "Tickets" };
