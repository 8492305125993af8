/* The desk: who is in. A session that is over brings the page that says how to come back. */

const desk = document.querySelector("#desk");
const state = document.querySelector("#state");

async function look() {
  const answer = await fetch("/desk/api/me");
  if (answer.status === 401) {
    location.reload();
    return;
  }
  const { name } = await answer.json();
  state.textContent = `${desk.dataset.in} ${name}`;
}

look().catch(() => { state.textContent = desk.dataset.lost; });
