// Reads a QR code from what the camera sees: by the browser where it can, else by a decoder that is loaded for it.

/** The text of a code that is seen, or null. */
export type Decode = (video: HTMLVideoElement) => Promise<string | null>;

type Detector = { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> };
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
};

/** Wide enough for 41 modules at arm's length, and small enough for an old telephone. */
const WIDEST = 800;

export async function decoder(): Promise<Decode> {
  return (await ofBrowser()) ?? (await ofPackage());
}

async function ofBrowser(): Promise<Decode | null> {
  const known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!known || !(await known.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new known({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function ofPackage(): Promise<Decode> {
  const [{ prepareZXingModule, readBarcodes }, wasm] = await Promise.all([
    import("zxing-wasm/reader"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  await prepareZXingModule({ overrides: { locateFile: () => wasm.default }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const shrink = Math.min(1, WIDEST / video.videoWidth);
    [canvas.width, canvas.height] = [video.videoWidth * shrink, video.videoHeight * shrink];
    if (!pen || canvas.width === 0) return null;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    const [found] = await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found?.text || null;
  };
}
