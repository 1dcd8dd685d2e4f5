// The CSV comes with a header that says who asks, so a plain link can't fetch it: it is streamed into a file.

import { session } from "../session.svelte";

type Picker = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<WritableStream> }>;

/** `cancelled`: the operator chose no file. */
export async function saveCsv(eventId: string): Promise<"saved" | "cancelled" | "failed"> {
  const name = `${eventId}-reservations.csv`;
  const picker = (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker;
  try {
    const file = picker ? await (await picker({ suggestedName: name })).createWritable() : null;
    const response = await fetch(`/api/admin/events/${eventId}/reservations.csv`, {
      headers: { authorization: `Bearer ${session.key}` },
    });
    if (!response.ok || !response.body) return "failed";
    if (file) await response.body.pipeTo(file);
    else offer(await response.blob(), name);
    return "saved";
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? "cancelled" : "failed";
  }
}

function offer(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
