# What every shape of the system is told; one-machine, machine-per-service and scale-set each read this file.
variable "location" {
  description = "The region of everything"
  type        = string
  default     = "koreacentral"
}

variable "admin_cidrs" {
  description = "Networks that may come in by SSH, and put secrets into the vault"
  type        = list(string)
  validation {
    condition     = length(var.admin_cidrs) > 0 && alltrue([for cidr in var.admin_cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "Name the networks that may come in by SSH, as 203.0.113.7/32; the whole world may not."
  }
}

variable "ssh_public_key" {
  description = "The public key of the user jari"
  type        = string
}

variable "repository" {
  description = "Where the machines clone this repository from, over HTTPS"
  type        = string
}

variable "commit" {
  description = "The commit that is started, and whose images were published"
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{40}$", var.commit))
    error_message = "Name the whole commit, as git rev-parse HEAD does: images are published under it."
  }
}

variable "images" {
  description = "The namespace on Docker Hub in which the images are"
  type        = string
}

variable "name_label" {
  description = "The system is at LABEL.REGION.cloudapp.azure.com; no other one in the region has that label"
  type        = string
}

variable "domain" {
  description = "A name of your own that leads there; that of the label if not set"
  type        = string
  default     = null
}

variable "acme_email" {
  description = "Whom Let's Encrypt writes to about the account; by giving it you accept its terms. Without it there is no HTTPS"
  type        = string
  default     = null
}

variable "limit_exempt" {
  description = "Addresses that the gateway's limits do not count: that of the machine that makes load, as load says it"
  type        = string
  default     = ""
}

locals {
  # What the machine of the gateway is told.
  domain = coalesce(var.domain, "${var.name_label}.${var.location}.cloudapp.azure.com")
  gateway_settings = {
    JARI_DOMAIN       = var.acme_email == null ? "" : local.domain
    JARI_ACME_EMAIL   = var.acme_email == null ? "" : var.acme_email
    JARI_LIMIT_EXEMPT = var.limit_exempt
  }
  # And every machine.
  settings = {
    JARI_REPOSITORY = var.repository
    JARI_COMMIT     = var.commit
    JARI_IMAGES     = var.images
  }
}
