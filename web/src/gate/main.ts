import "../shared/styles/base.css";
import "./gate.css";
import { mount } from "svelte";
import { speaker } from "../shared/i18n/i18n.svelte";
import App from "./App.svelte";
import { updates } from "./updates.svelte";

document.documentElement.lang = speaker.language;
const target = document.getElementById("page");
if (target) mount(App, { target });
updates.follow();
