/**
 * What runs inside the page of the rating. It puts the content that it is sent in place of the old one and keeps the focus and
 * the place in the list, and it sends what is pressed.
 */
export const RATING_SCRIPT = `
const host = acquireVsCodeApi();
const content = document.getElementById("content");
const announcement = document.getElementById("announcement");

const buttons = () => [...content.querySelectorAll("button")];
const keyOf = (button) => JSON.stringify({ ...button.dataset });

addEventListener("message", ({ data }) => {
  const active = document.activeElement;
  const place = buttons().indexOf(active);
  const key = place < 0 ? undefined : keyOf(active);
  content.innerHTML = data.html;
  if (announcement.textContent !== data.announcement) announcement.textContent = data.announcement;
  host.setState(data.state);
  if (place < 0) return;
  const now = buttons();
  const next = now.find((button) => keyOf(button) === key) ?? now[Math.min(place, now.length - 1)];
  (next ?? content.querySelector("h1")).focus();
});

content.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) host.postMessage({ ...button.dataset });
});

host.postMessage({ command: "ready" });
`;
