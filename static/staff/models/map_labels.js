/**
 * Where the names stand on the map: beside, below or above their point or across a corner, the first place that
 * covers no other point and no name that already stands. What finds no place is left out; its number is in the point.
 */
const POINT_RADIUS = 22;
const GAP = 8;

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function boxAround({ x, y }) {
  return { left: x - POINT_RADIUS, right: x + POINT_RADIUS, top: y - POINT_RADIUS, bottom: y + POINT_RADIUS };
}

function placesOf({ x, y }, width, height) {
  const [far, near] = [POINT_RADIUS + GAP, POINT_RADIUS * 0.6];
  return [
    { anchor: 'start', x: x + far, y, left: x + far, top: y - height / 2 },
    { anchor: 'end', x: x - far, y, left: x - far - width, top: y - height / 2 },
    { anchor: 'middle', x, y: y + far + height / 2, left: x - width / 2, top: y + far },
    { anchor: 'middle', x, y: y - far - height / 2, left: x - width / 2, top: y - far - height },
    { anchor: 'start', x: x + near, y: y - near - height / 2, left: x + near, top: y - near - height },
    { anchor: 'end', x: x - near, y: y - near - height / 2, left: x - near - width, top: y - near - height },
    { anchor: 'start', x: x + near, y: y + near + height / 2, left: x + near, top: y + near },
    { anchor: 'end', x: x - near, y: y + near + height / 2, left: x - near - width, top: y + near },
  ].map((place) => ({ ...place, right: place.left + width, bottom: place.top + height }));
}

/** Rough width of a text in map units: a Chinese character is as wide as it is high, others a little over half. */
function widthOf(text, height) {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2E80' ? 1 : 0.58) * height, 0);
}

/** points: [{id, x, y, label}]; answers a Map from id to {x, y, anchor} for the names that found a place. */
export function placeLabels(points, height, width) {
  const taken = points.map((point) => ({ id: point.id, ...boxAround(point) }));
  const placed = new Map();
  for (const point of points) {
    const free = placesOf(point, widthOf(point.label, height), height)
      .find((place) => place.left > 0 && place.right < width && !taken.some((box) => box.id !== point.id && overlap(box, place)));
    if (free) {
      taken.push(free);
      placed.set(point.id, free);
    }
  }
  return placed;
}
