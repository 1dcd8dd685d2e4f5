# The system on one machine, in cloud-msa-rg: for a theatre, and for trying things.
terraform {
  required_version = ">= 1.7"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "size" {
  description = "The size of the machine"
  type        = string
  default     = "Standard_D4as_v5"
}

resource "azurerm_resource_group" "system" {
  name     = "cloud-msa-rg"
  location = var.location
}

module "network" {
  source         = "../modules/network"
  name           = "jari"
  resource_group = { name = azurerm_resource_group.system.name, location = azurerm_resource_group.system.location }
  address_space  = "10.20.0.0/16"
  subnets = {
    front = {
      prefix = "10.20.1.0/24"
      rules = {
        web = { priority = 100, sources = ["0.0.0.0/0"], ports = ["80", "443"] }
        ssh = { priority = 110, sources = var.admin_cidrs, ports = ["22"] }
      }
    }
  }
}

module "system" {
  source          = "../modules/machine"
  name            = "jari"
  resource_group  = { name = azurerm_resource_group.system.name, location = azurerm_resource_group.system.location }
  subnet_id       = module.network.subnets["front"]
  private_address = "10.20.1.10"
  public          = true
  name_label      = var.name_label
  size            = var.size
  ssh_public_key  = var.ssh_public_key
  data_disk_gb    = 64
  settings        = merge(local.settings, local.gateway_settings, { JARI_ROLE = "all", JARI_PORT = "80" })
}

output "address" {
  description = "Where a name of your own must lead to"
  value       = module.system.public_address
}

output "url" {
  description = "Where the system is"
  value       = var.acme_email == null ? "http://${module.system.public_name}" : "https://${local.domain}"
}

output "ssh" {
  description = "How to get onto the machine"
  value       = "ssh jari@${module.system.public_address}"
}
