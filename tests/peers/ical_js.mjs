// Reads the calendars that are named, with Thunderbird's engine in strict mode: what it finds, as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;

const day = (time) => time.toJSDate ? time.toString().slice(0, 10) : time;
const found = {};
for (const path of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf-8")));
  found[path] = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return [event.uid, day(event.startDate), day(event.endDate)];
  });
  for (const [name, type] of [["refresh-interval", "duration"], ["x-published-ttl", "unknown"]]) {
    const property = calendar.getFirstProperty(name);
    if (property === null || property.type !== type) throw new Error(`${path}: ${name} is ${property?.type}`);
  }
}
process.stdout.write(JSON.stringify(found));
