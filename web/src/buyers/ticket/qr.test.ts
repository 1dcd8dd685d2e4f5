import { expect, test } from "vitest";
import { qrPath, side } from "./qr";

const PATH = "M0 0h7v1h-7zM10 0h1v1h-1zM38 0h7v1h-7z";

test("the code is found among the other paths of a ticket", () => {
  const svg = `<svg><path d="M1 1h9v1h-9z"/><path id="qr" transform="scale(2)" fill="#111" d="${PATH}"/></svg>`;
  expect(qrPath(svg)).toBe(PATH);
  expect(side(PATH)).toBe(45);
});

test("without a code, or with anything else in its place, there is none", () => {
  expect(qrPath("<svg><path d='M0 0h1v1h-1z'/></svg>")).toBeNull();
  expect(qrPath('<svg><path id="qr" d="url(x)"/></svg>')).toBeNull();
});
