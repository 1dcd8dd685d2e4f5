#!/usr/bin/env python3
"""Prints the licences of everything that the program jari and the pages are made of, each text once, with whose it is. Asks cargo for what is
linked into the program on Linux, and reads the texts from where cargo and npm keep what they fetched."""

import collections, json, pathlib, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
# What the pages contain, beside what package.json names for them: the framework, which is compiled in.
COMPILED_IN = ["svelte"]
NAMES = ("license", "licence", "copying", "notice", "copyright", "unlicense", "ofl")


def linked():
    """Every package of others that is linked into the program: its name with its version, what it says its licence is, and its folder."""
    told = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET], cwd=ROOT, check=True,
                          capture_output=True).stdout
    metadata = json.loads(told)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    left = [id for id in metadata["workspace_members"] if packages[id]["name"] == "jari"]
    seen = set(left)
    while left:
        for dependency in nodes[left.pop()]["deps"]:
            if dependency["pkg"] not in seen and any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                seen.add(dependency["pkg"])
                left.append(dependency["pkg"])
    for package in (packages[id] for id in seen):
        if package["source"]:
            yield f"{package['name']} {package['version']}", package["license"], pathlib.Path(package["manifest_path"]).parent


def in_the_pages():
    modules = ROOT / "web/node_modules"
    for name in [*json.loads((ROOT / "web/package.json").read_text())["dependencies"], *COMPILED_IN]:
        package = json.loads((modules / name / "package.json").read_text())
        yield f"{name} {package['version']} (in the pages)", package["license"], modules / name


def main():
    texts, without = collections.defaultdict(list), collections.defaultdict(list)
    for name, licence, folder in [*linked(), *in_the_pages()]:
        files = [file for place in (folder, folder / "dist") if place.is_dir() for file in place.iterdir()]
        found = sorted(file for file in files if file.is_file() and file.name.lower().startswith(NAMES) and file.suffix not in (".rs", ".toml"))
        for file in found:
            texts["\n".join(line.rstrip() for line in file.read_text(errors="replace").strip().splitlines())].append(name)
        if not found:
            without[licence].append(name)
    if len(texts) < 20:
        sys.exit(f"licences: {len(texts)} texts were found, which is too few: are the packages there? (cargo fetch; scripts/pages.sh build)")
    print("Jari contains the work of others, under these licences. Where several stand, Jari takes the one that it may choose.")
    for text, names in sorted(texts.items(), key=lambda entry: (-len(entry[1]), sorted(entry[1]))):
        print("\n" + "=" * 78 + f"\n{', '.join(sorted(set(names)))}\n" + "-" * 78 + f"\n{text}")
    print("\n" + "=" * 78 + "\nThese bring no text of their own, and say what their licence is:")
    for licence, names in sorted(without.items(), key=lambda entry: str(entry[0])):
        print(f"\n{licence}: {', '.join(sorted(names))}")


main()
