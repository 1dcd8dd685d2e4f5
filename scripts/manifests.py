"""manifests.py FILE: what kustomize has made, against the schemas of Kubernetes' API, against itself, and against docs/metrics.md. Says what is wrong."""
import re
import sys
from pathlib import Path

import kubernetes_validate
import yaml

OF_OPERATORS = {"postgresql.cnpg.io/v1", "redis.redis.opstreelabs.in/v1beta2"}
documents = [d for d in yaml.safe_load_all(open(sys.argv[1])) if d]
wrong = []
for document in documents:
    name = f"{document['kind']} {document['metadata']['name']}"
    if document["apiVersion"] in OF_OPERATORS:
        continue
    try:
        kubernetes_validate.validate(document, "1.37", strict=True)
    except kubernetes_validate.ValidationError as error:
        wrong.append(f"{name}: {error.message}")

templates = {d["metadata"]["name"]: d["spec"]["template"] for d in documents if d["kind"] in ("Deployment", "Job")}
for name, template in templates.items():
    container = template["spec"]["containers"][0]
    security, pod = container["securityContext"], template["spec"]["securityContext"]
    if (security.get("allowPrivilegeEscalation") is not False or security.get("capabilities") != {"drop": ["ALL"]}
            or not security.get("readOnlyRootFilesystem") or not pod.get("runAsNonRoot") or "seccompProfile" not in pod):
        wrong.append(f"{name} is not restricted")
    if "limits" not in container["resources"] or ":" not in container["image"] or container["image"].endswith(":latest"):
        wrong.append(f"{name} has no limits, or an image of no version")

def selected(kind, labels):
    """Whether something of this kind is for pods with these labels."""
    selectors = [d["spec"].get("selector", d["spec"].get("podSelector", {})) for d in documents if d["kind"] == kind]
    by_name = [s["matchLabels"] for s in selectors if s.get("matchLabels")]
    by_list = [{e["key"]: v} for s in selectors for e in s.get("matchExpressions", []) for v in e["values"]]
    return any(wanted.items() <= labels.items() for wanted in by_name + by_list)


# What serves is asked whether it does, goes one at a time, and speaks only with whom it must.
serving = {d["metadata"]["name"]: d["spec"]["template"] for d in documents if d["kind"] == "Deployment"}
for name, template in serving.items():
    wrong += [f"{name} has no {probe}Probe" for probe in ("liveness", "readiness") if f"{probe}Probe" not in template["spec"]["containers"][0]]
for name, labels in [(n, t["metadata"]["labels"]) for n, t in serving.items()] + [(n, {"app": n}) for n in ("redis", "redis-sentinel")]:
    wrong += [f"{name} has no {kind}" for kind in ("PodDisruptionBudget", "NetworkPolicy") if not selected(kind, labels)]
denied = [d for d in documents if d["kind"] == "NetworkPolicy" and d["spec"]["podSelector"] == {} and len(d["spec"]["policyTypes"]) == 2]
if not any("ingress" not in d["spec"] and "egress" not in d["spec"] for d in denied):
    wrong.append("nothing denies what is not allowed")

# What scales is scaled by figures that there are, under the names that the adapter gives them.
scaled = [d["spec"] for d in documents if d["kind"] == "HorizontalPodAutoscaler"]
adapter = yaml.safe_load(Path("deploy/kubernetes/prometheus-adapter.yaml").read_text())["rules"]
rules = {rule["name"]["as"]: rule["seriesQuery"] for kind in ("custom", "external") for rule in adapter[kind]}
if scaled:
    wrong += [f"{name} is not scaled" for name in serving if name not in {spec["scaleTargetRef"]["name"] for spec in scaled}]
for metric in (m for spec in scaled for m in spec["metrics"] if m["type"] != "Resource"):
    name = metric[metric["type"].lower()]["metric"]["name"]
    series = re.match(r"\w+", rules.get(name, "")) or [""]
    if not series[0] or f"`{re.sub('_count$', '', series[0])}`" not in Path("docs/metrics.md").read_text():
        wrong.append(f"nothing says {name}: see prometheus-adapter.yaml and docs/metrics.md")

for document in documents:
    spec, name = document.get("spec", {}), document["metadata"]["name"]
    if document["kind"] == "Service":
        template = templates[spec["selector"]["app"]]
        ports = {p["name"] for p in template["spec"]["containers"][0]["ports"]}
        wrong += [f"Service {name}: no port {p['targetPort']}" for p in spec["ports"] if p["targetPort"] not in ports]
    if document["kind"] == "HorizontalPodAutoscaler" and spec["scaleTargetRef"]["name"] not in templates:
        wrong.append(f"HorizontalPodAutoscaler {name}: nothing to scale")
    if document["kind"] == "Secret":
        wrong.append(f"Secret {name} is not to be in the repository")
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
