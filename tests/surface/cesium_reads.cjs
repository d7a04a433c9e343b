// Loads CZML in Cesium without a browser and prints where it puts things.
// node cesium_reads.cjs FILE.czml ASKED.json, with cesium in NODE_PATH. ASKED: { id: [times, ISO 8601] }; printed:
// { entities: number, positions: { id: [[x, y, z] in m, Earth-fixed, or null] }, properties: { id: {...} } }.
global.Image = class {};
global.HTMLElement = class {};
const fs = require("fs");
const Cesium = require("cesium");

async function main(file, asked) {
  const source = await Cesium.CzmlDataSource.load(JSON.parse(fs.readFileSync(file, "utf8")));
  const positions = {}, properties = {};
  for (const [id, times] of Object.entries(JSON.parse(fs.readFileSync(asked, "utf8")))) {
    const entity = source.entities.getById(id);
    positions[id] = times.map((text) => {
      const time = Cesium.JulianDate.fromIso8601(text);
      const found = entity.isAvailable(time)
        ? entity.position.getValueInReferenceFrame(time, Cesium.ReferenceFrame.FIXED) : undefined;
      return found ? [found.x, found.y, found.z] : null;
    });
    properties[id] = entity.properties.getValue(Cesium.JulianDate.fromIso8601(times[0]));
  }
  console.log(JSON.stringify({ entities: source.entities.values.length, positions, properties }));
}

main(...process.argv.slice(2)).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
