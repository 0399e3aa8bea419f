// The gradebook page: reads from the service, with the token that the client keeps fresh.
import { createAuthClient } from "../client/index.js";

const POLL_SECONDS = 4;
const service = JSON.parse(document.getElementById("service").textContent);
const auth = createAuthClient({
  origins: [service],
  name: "gradebook-page/1.0",
  csrf: () => document.querySelector("main [name=csrfmiddlewaretoken]").value,
});
const at = (id) => document.getElementById(id);
let open = "";
let off = false;

const element = (tag, text = "", attributes = {}) => {
  const made = document.createElement(tag);
  // Text, never markup: names and comments are what somebody typed.
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

const say = (text = "") => {
  at("state").textContent = text;
  at("state").hidden = !text;
};

class Refused extends Error {}

const ask = async (path, init) => {
  const response = await auth.fetch(service + path, init);
  if (!response.ok) throw new Refused(response.status);
  return response.json();
};

const fill = (table, rows) => {
  const [head] = table.rows;
  table.replaceChildren(head, ...rows.map((cells) => {
    const row = element("tr");
    row.append(...cells);
    return row;
  }));
};

const points = (grade) => element("td", grade.points, { class: "number" });

const showMine = ({ grades }) =>
  fill(at("mine"), grades.map((grade) => [
    element("td", grade.course.code),
    element("td", grade.exercise.title),
    points(grade),
    element("td", grade.comment),
  ]));

const showCourses = ({ courses, complete }) => {
  at("cut").hidden = complete;
  if (!courses.some((course) => course.id === open)) {
    open = "";
    at("course").hidden = true;
  }
  at("courses").replaceChildren(...courses.map((course) => {
    const button = element("button", `${course.code} ${course.title}`, { type: "button", "data-course": course.id });
    button.addEventListener("click", () => {
      open = course.id;
      showCourse(course).catch(failed);
    });
    return button;
  }));
  if (!courses.length) at("courses").append(element("span", "None.", { class: "soft" }));
};

const editor = (grade, course) => {
  const cell = element("td", "", { class: "act" });
  if (!course.may_edit) return cell;
  const button = element("button", "Change", { type: "button", class: "quiet" });
  button.addEventListener("click", async () => {
    const given = prompt(`Points of ${grade.student.name} in ${grade.exercise.title}`, grade.points);
    if (given === null) return;
    const body = JSON.stringify({ points: Number(given) });
    const headers = { "Content-Type": "application/json" };
    await ask(`/grades/${encodeURIComponent(grade.id)}`, { method: "PATCH", headers, body })
      .then(() => showCourse(course))
      .catch(failed);
  });
  cell.append(button);
  return cell;
};

const showCourse = async (course) => {
  const { grades } = await ask(`/courses/${encodeURIComponent(course.id)}/grades`);
  const part = at("course");
  part.querySelector("h3").textContent = `${course.code} ${course.title}`;
  fill(part.querySelector("table"), grades.map((grade) => [
    element("td", grade.student.name),
    element("td", grade.exercise.title),
    points(grade),
    editor(grade, course),
  ]));
  part.hidden = false;
};

const failed = (error) => {
  if (!(error instanceof Refused)) return say("The gradebook cannot be reached now. What is below may be old.");
  if (off) return say("Tokens are off for you. Your grades are on the old page, under My grades.");
  if (error.message === "401") return say("The gradebook wants another token. What is below may be old.");
  return say(error.message === "422" ? "Points are whole numbers from 0 to 100." : "That is not allowed.");
};

const read = async () => {
  try {
    // One after the other: the first answer brings the token that the second needs.
    showMine(await ask("/grades"));
    showCourses(await ask("/courses"));
    say();
  } catch (error) {
    failed(error);
  }
};

auth.on((event) => {
  const when = new Date().toLocaleTimeString("en-GB");
  at("events").append(element("li", `${when} ${event.type}: ${event.reason}`));
  off = event.type === "disabled" || (off && event.type !== "refreshed");
  if (event.type === "refreshed" && event.reason !== "start") void read();
});

setInterval(() => document.visibilityState === "visible" && void read(), POLL_SECONDS * 1000);
void read();
