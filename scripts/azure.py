"""azure.py FOLDER PROVIDER: the configurations of Terraform below FOLDER, against the arguments and blocks that the azurerm provider has and against
each other. PROVIDER is the npm package @cdktf/provider-azurerm as it comes: its types are made from the provider's own schema. Says what is wrong."""
import re
import sys
import tarfile
from pathlib import Path

import hcl2

folder, provider = Path(sys.argv[1]), tarfile.open(sys.argv[2])
members = {name for name in provider.getnames() if name.endswith("index.d.ts")}
# What Terraform itself understands of every resource.
META = {"count", "for_each", "depends_on", "lifecycle", "provider", "dynamic", "timeouts"}
wrong = []


def schema(kind):
    """Of a resource: for each interface the arguments, whether they must be given, and the interface of those that are blocks."""
    path = f"package/lib/{kind.replace('data.azurerm', 'data-azurerm').removeprefix('azurerm_').replace('_', '-')}/index.d.ts"
    if path not in members:
        return None, None
    interfaces, main = {}, None
    text = provider.extractfile(path).read().decode()
    for name, body in re.findall(r"export interface (\w+)[^{]*{\n(.*?)\n}", text, re.S):
        main = main or name
        interfaces[name] = {}
        for comment, optional, kind in re.findall(r"/\*\*(.*?)\*/\s*readonly \w+(\??): ([^;]*);", body, re.S):
            argument = re.search(r"#(\w+) \w+#", comment)
            if argument:
                block = re.match(r"(\w+)", kind).group(1) if " block\n" in comment else None
                interfaces[name][argument.group(1)] = (not optional, block)
    return main, interfaces


def check_block(where, block, interfaces, name):
    known = interfaces[name]
    dynamic = {kind: inner for one in block.get("dynamic", []) for kind, inner in one.items()}
    given = {key for key in block if not key.startswith("__")} - META | set(dynamic)
    wrong.extend(f"{where}: there is no {key}" for key in sorted(given - set(known)))
    wrong.extend(f"{where}: {key} is missing" for key, (must, _) in known.items() if must and key not in given)
    for key in sorted(given & set(known)):
        _, inner = known[key]
        if inner:
            values = block.get(key, []) + ([dynamic[key]["content"][0]] if key in dynamic else [])
            for value in values:
                if isinstance(value, dict):
                    check_block(f"{where}.{key}", value, interfaces, inner)
                else:
                    wrong.append(f"{where}: {key} is a block")


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts(key)
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


class Module:
    def __init__(self, path):
        self.path, self.name = path, str(path.relative_to(folder))
        self.parts = {"variable": {}, "output": {}, "locals": {}, "module": {}, "resource": {}, "data": {}}
        everything = []
        for file in sorted(path.glob("*.tf")):
            document = hcl2.loads(file.read_text())
            everything.append(document)
            for kind, blocks in document.items():
                for block in blocks:
                    if kind in ("variable", "output", "module", "locals"):
                        self.parts[kind].update({k: v for k, v in block.items() if not k.startswith("__")})
                    elif kind in ("resource", "data"):
                        for of, named in block.items():
                            prefix = "data." if kind == "data" else ""
                            self.parts["resource"].update({f"{prefix}{of}.{n}": v for n, v in named.items()})
        self.text = "\n".join(texts(everything))

    def check(self, modules):
        parts = self.parts
        for name, block in parts["resource"].items():
            main, interfaces = schema(name.rsplit(".", 1)[0])
            if main is None:
                wrong.append(f"{self.name}: {name}: the provider has no such resource")
            else:
                check_block(f"{self.name}: {name}", block, interfaces, main)
        for kind, prefix in (("variable", "var"), ("locals", "local")):
            used = set(re.findall(rf"\b{prefix}\.(\w+)", self.text))
            wrong.extend(f"{self.name}: {prefix}.{n} is not there" for n in sorted(used - set(parts[kind])))
            shared = {n for n in parts[kind] if kind == "locals" or not self.is_used(f"{prefix}.{n}")} - used
            wrong.extend(f"{self.name}: {prefix}.{n} is used by nothing" for n in sorted(shared))
        for name in sorted(set(re.findall(r"(?<![\w.])((?:data\.)?azurerm_\w+\.\w+)", self.text)) - set(parts["resource"])):
            wrong.append(f"{self.name}: {name} is not there")
        for name, call in parts["module"].items():
            called = modules.get((self.path / call["source"][0]).resolve())
            if called is None:
                wrong.append(f"{self.name}: module {name} is nowhere")
                continue
            given = {key for key in call if not key.startswith("__")} - META - {"source"}
            inputs = called.parts["variable"]
            wrong.extend(f"{self.name}: module {name} takes no {key}" for key in sorted(given - set(inputs)))
            wrong.extend(f"{self.name}: module {name} needs {key}" for key, v in inputs.items() if "default" not in v and key not in given)
            asked = set(re.findall(rf"\bmodule\.{name}(?:\[[^\]]*\])?\.(\w+)", self.text))
            wrong.extend(f"{self.name}: module {name} says no {key}" for key in sorted(asked - set(called.parts["output"])))
        called = set(re.findall(r"\bmodule\.(\w+)", self.text)) - set(parts["module"])
        wrong.extend(f"{self.name}: module.{name} is not there" for name in sorted(called))
        for kind in ("variable", "output"):
            wrong.extend(f"{self.name}: {kind} {n} has no description" for n, v in parts[kind].items() if not v.get("description"))

    def is_used(self, name):
        return re.search(rf"\b{re.escape(name)}\b", self.text)


modules = {}
for path in sorted({file.parent for file in folder.rglob("*.tf")} - {folder}):
    modules[path.resolve()] = Module(path)
if len(modules) < 2:
    wrong.append(f"{folder}: there is hardly anything to check")
for module in modules.values():
    module.check(modules)
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
