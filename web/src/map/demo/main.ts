import "../../shared/styles/base.css";
import { mount } from "svelte";
import { speaker } from "../../shared/i18n/i18n.svelte";
import Demo from "./Demo.svelte";

document.documentElement.lang = speaker.language;
const target = document.getElementById("page");
if (target) mount(Demo, { target });
