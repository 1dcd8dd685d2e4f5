import { texts } from "../shared/i18n/i18n.svelte";
import en from "./messages/en";
import ko from "./messages/ko";

export const t = texts({ ko, en });
