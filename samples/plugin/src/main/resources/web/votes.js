const drinks = document.getElementById("drinks");
const problem = document.getElementById("problem");
const buttons = {};
const socket = io("/votes");

socket.on("counts", (counts) => {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (const [drink, count] of Object.entries(counts)) {
    const button = (buttons[drink] ??= addButton(drink));
    button.textContent = `${drink}: ${count}`;
    button.style.setProperty("--share", `${all && (100 * count) / all}%`);
  }
});
socket.on("connect", () => (problem.textContent = ""));
socket.on("disconnect", () => (problem.textContent = "The connection is lost; trying again."));

function addButton(drink) {
  const button = document.createElement("button");
  button.addEventListener("click", () => vote(drink));
  drinks.append(button);
  return button;
}

async function vote(drink) {
  try {
    const answer = await socket.timeout(5000).emitWithAck("vote", drink);
    problem.textContent = answer.error?.message ?? "";
  } catch {
    problem.textContent = "The host did not answer.";
  }
}
