# What cloud-init is told on every machine here.
terraform {
  required_version = ">= 1.7"
}

variable "settings" {
  description = "The lines of /etc/jari/machine.env; no secrets, because whoever may see the machine in Azure sees them"
  type        = map(string)
}

output "text" {
  description = "cloud-init's user data"
  value = templatefile("${path.module}/../../machine/cloud-init.yaml", {
    settings    = base64encode(join("", [for name, value in var.settings : "${name}='${value}'\n" if value != null]))
    first_start = filebase64("${path.module}/../../machine/first-start.sh")
  })
}
