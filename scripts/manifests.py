"""manifests.py FILE: what kustomize has made, against the schemas of Kubernetes' API and against itself. Says what is wrong."""
import sys

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
