import { deflateSync } from 'node:zlib';
import { app, Menu, nativeImage, Tray } from 'electron';

export type TrayActions = { openDashboard(): void; stopEverything(): void };

/** The app stays in the tray, so that AI clients keep their bridge when the dashboard is closed. No approve action here (EL-20). */
export function createTray(actions: TrayActions): Tray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromBuffer(diamondPng(32)));
    tray.setToolTip('Countersign');
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Countersign', click: actions.openDashboard },
        { type: 'separator' },
        { label: 'Stop everything', click: actions.stopEverything },
        { type: 'separator' },
        { label: 'Quit', click: () => app.quit() },
      ]),
    );
    tray.on('click', actions.openDashboard);
    return tray;
  } catch {
    return undefined; // some desktops have no tray; the dashboard's own window is then the way in
  }
}

/** The mark ◈ as a PNG, drawn so that it needs no file: a ring and a core, mid grey that reads on light and dark bars. */
function diamondPng(size: number): Buffer {
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.concat([Buffer.from([0]), ...Array.from({ length: size }, (_unused, x) => pixel(x, y, size))]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pixel(x: number, y: number, size: number): Buffer {
  const middle = (size - 1) / 2;
  const distance = (Math.abs(x - middle) + Math.abs(y - middle)) / middle;
  const inked = distance < 0.36 || (distance > 0.68 && distance < 0.96);
  return Buffer.from([0x8a, 0x89, 0x83, inked ? 255 : 0]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

/** CRC-32 as PNG has it (ISO 3309); zlib's own is newer than the oldest Node this runs on. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
