// A map of what the page lists: every element with data-venues gets its markers, and a number to find it by.
// Leaflet is in `L`. Everything that is said here is in the list too.
const L = window.L;
// Pixels: markers nearer than that are one; how high a line of names is, and how wide a letter.
const APART = 30;
const LINE = 18;
const LETTER = 6.5;
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function pointsOf(rows) {
  return rows.flatMap((row) =>
    JSON.parse(row.dataset.venues).map(([venue, lat, lon]) => ({ row, venue, at: L.latLng(lat, lon) })),
  );
}

// Points that would lie on each other at this scale share a marker.
function gather(map, points) {
  const spots = [];
  for (const point of points) {
    const pixel = map.project(point.at);
    const near = spots.find((spot) => spot.pixel.distanceTo(pixel) < APART);
    if (near) near.points.push(point);
    else spots.push({ pixel, at: point.at, points: [point] });
  }
  return spots;
}

const rowsOf = (spot) => [...new Set(spot.points.map((point) => point.row))];

function label(rows) {
  const numbers = rows.map((row) => row.dataset.number || "•");
  return numbers.length > 2 ? `${numbers[0]} +${numbers.length - 1}` : numbers.join(", ");
}

// What people wrote is put in as text, never as HTML.
function bubble(spot) {
  const box = element("div", "");
  let last = "";
  for (const { row, venue } of spot.points) {
    const { number, name, href } = row.dataset;
    const said = number ? `${number}. ${name}` : name;
    const line = element("p", href ? "" : said);
    if (href) line.append(element("a", said, { href }));
    if (venue !== last) box.append(element("p", venue, { class: "app-quiet" }));
    last = venue;
    box.append(line);
  }
  return box;
}

function markerOf(spot) {
  const rows = rowsOf(spot);
  const marker = L.marker(spot.at, {
    icon: L.divIcon({
      className: "app-marker",
      html: element("span", label(rows), { class: "app-pin" }),
      iconSize: [48, 28],
    }),
    riseOnHover: true,
  });
  marker.bindPopup(bubble(spot), { autoPan: !still, minWidth: 160, maxWidth: 240, maxHeight: 200 });
  marker.on("add", () => {
    const icon = marker.getElement();
    const names = rows.map((row) => row.dataset.name).join(", ");
    icon.setAttribute("aria-label", `${label(rows)}: ${names}, ${spot.points[0].venue}`);
    icon.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      marker.openPopup();
    });
  });
  keepFocus(marker, (on) => rows.forEach((row) => row.classList.toggle("app-row--on", on)));
  return marker;
}

// Into the bubble when it opens, back to where one was when it closes.
function keepFocus(marker, mark) {
  let from = null;
  marker.on("popupopen", ({ popup }) => {
    const here = document.activeElement;
    const elsewhere = here && here !== document.body && !popup.getElement().contains(here);
    from = elsewhere ? here : marker.getElement();
    mark(true);
    popup.getElement().querySelector(".leaflet-popup-content a")?.focus({ preventScroll: true });
  });
  marker.on("popupclose", ({ popup }) => {
    mark(false);
    const here = document.activeElement;
    if (here === document.body || popup.getElement().contains(here)) from?.focus({ preventScroll: true });
  });
}

// Names of wards on plain ground, as many as have room beside the markers.
function placeNames(map, wards, spots, layer) {
  layer.clearLayers();
  const taken = spots.map(({ at }) => ({ ...map.latLngToLayerPoint(at), half: 20 }));
  for (const { text, at } of wards) {
    const { x, y } = map.latLngToLayerPoint(at);
    const half = (text.length * LETTER) / 2;
    const free = (down) =>
      taken.every((one) => Math.abs(one.x - x) > one.half + half || Math.abs(one.y - y - down) > LINE);
    const down = [0, 22, -22].find(free);
    if (down === undefined) continue;
    taken.push({ x, y: y + down, half });
    const size = [2 * half, LINE];
    const html = element("span", text);
    const icon = L.divIcon({ className: "app-map__name", html, iconSize: size, iconAnchor: [half, LINE / 2 - down] });
    layer.addLayer(L.marker(at, { icon, interactive: false, keyboard: false, pane: "names" }));
  }
}

async function readWards(address) {
  const answer = await fetch(address);
  const wards = answer.ok ? await answer.json() : [];
  return wards.map(([text, lat, lon]) => ({ text, at: L.latLng(lat, lon) }));
}

class ListMap {
  constructor(box, rows) {
    this.box = box;
    this.ground = box.querySelector("[data-ground]");
    this.points = pointsOf(rows);
    this.markers = new Map();
    this.wards = [];
    this.closest = box.dataset.tiles ? 16 : 12;
    this.map = L.map(this.ground, {
      attributionControl: false,
      scrollWheelZoom: false,
      fadeAnimation: !still,
      zoomAnimation: !still,
      markerZoomAnimation: !still,
      inertia: !still,
      maxZoom: 18,
    });
    this.map.createPane("names").style.zIndex = 300;
    this.map.getPane("names").setAttribute("aria-hidden", "true");
    this.names = L.layerGroup().addTo(this.map);
    this.layer = L.layerGroup().addTo(this.map);
    const seen = this.points.map((point) => point.at);
    const from = this.showWhereFrom();
    this.bounds = L.latLngBounds(from ? [...seen, from] : seen);
    this.width = this.ground.offsetWidth;
    this.fit();
    L.control.scale().addTo(this.map);
    this.drawGround();
    this.arrange();
    this.map.on("zoomend", () => this.arrange());
    this.ground.setAttribute("role", "group");
    this.ground.setAttribute("aria-label", "Map: arrow keys move it, plus and minus change its scale");
    this.ground.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.map.closePopup();
    });
  }

  fit() {
    this.map.fitBounds(this.bounds, { padding: [36, 36], maxZoom: this.closest, animate: false });
  }

  resized() {
    const width = this.ground.offsetWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.map.invalidateSize({ animate: false });
    this.fit();
  }

  showWhereFrom() {
    if (!this.box.dataset.spot) return null;
    const [name, lat, lon] = JSON.parse(this.box.dataset.spot);
    const circle = { radius: 9, color: "#212b32", weight: 3, fillOpacity: 0, interactive: false };
    L.circleMarker([lat, lon], circle)
      .bindTooltip(name, { permanent: true, direction: "bottom", offset: [0, 8] })
      .addTo(this.map);
    return [lat, lon];
  }

  drawGround() {
    const { tiles, names } = this.box.dataset;
    const plain = async () => {
      this.wards = await readWards(names);
      placeNames(this.map, this.wards, this.spots, this.names);
    };
    if (tiles) L.tileLayer(tiles, { maxZoom: 18 }).once("tileerror", plain).addTo(this.map);
    else plain();
  }

  arrange() {
    this.layer.clearLayers();
    this.markers.clear();
    this.spots = gather(this.map, this.points);
    for (const spot of this.spots) {
      const marker = markerOf(spot);
      this.layer.addLayer(marker);
      for (const row of rowsOf(spot)) if (!this.markers.has(row)) this.markers.set(row, marker);
    }
    placeNames(this.map, this.wards, this.spots, this.names);
  }

  mark(row, on) {
    const marker = this.markers.get(row);
    marker?.getElement()?.classList.toggle("app-marker--on", on);
    marker?.setZIndexOffset(on ? 1000 : 0);
  }

  show(row) {
    const { at } = this.points.find((point) => point.row === row);
    this.resized();
    this.ground.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    this.map.setView(at, Math.max(this.map.getZoom(), this.closest), { animate: false });
    this.markers.get(row).openPopup();
  }
}

function begin(box) {
  const rows = [...document.querySelectorAll("[data-venues]")];
  const toggle = box.querySelector("button");
  const ground = box.querySelector("[data-ground]");
  let shown = null;
  // It is drawn when there is room for it, which on a telephone is when it is asked for.
  const start = () => {
    if (!shown && ground.offsetWidth) shown = new ListMap(box, rows);
  };
  const open = (on) => {
    box.toggleAttribute("data-open", on);
    toggle.setAttribute("aria-expanded", String(on));
    toggle.textContent = on ? "Hide map" : "Show map";
    start();
  };
  box.hidden = false;
  for (const row of rows) {
    const { number, name } = row.dataset;
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => shown?.mark(row, true));
    for (const event of ["mouseleave", "focusout"]) row.addEventListener(event, () => shown?.mark(row, false));
    if (!number) continue;
    const words = `${number}: show ${name} on the map`;
    const button = element("button", number, { type: "button", class: "app-pin", "aria-label": words });
    button.addEventListener("click", () => {
      if (!ground.offsetWidth) open(true);
      shown.show(row);
    });
    row.prepend(button);
  }
  toggle.addEventListener("click", () => open(!box.hasAttribute("data-open")));
  new ResizeObserver(() => (shown ? shown.resized() : start())).observe(ground);
  start();
}

const box = document.querySelector("[data-map]");
if (L && box) begin(box);
