# The system on six machines, in cloud-msa-rg: a machine for each service and each store, of which only the gateway has a public address.
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

variable "vault_name" {
  description = "What the vault for the keys is called: no other one in Azure has that name"
  type        = string
}

variable "sizes" {
  description = "The sizes of machines that are not to have the usual one"
  type        = map(string)
  default     = { postgres = "Standard_D4as_v5", redis = "Standard_B2als_v2", staff-api = "Standard_B2als_v2" }
}

locals {
  group = { name = azurerm_resource_group.system.name, location = azurerm_resource_group.system.location }
  front = "10.20.1.0/24"
  # The services of a machine, its subnet and address, and a disk for what must outlive it.
  machines = {
    gateway        = { services = "nginx", subnet = "front", address = "10.20.1.10", disk_gb = 0 }
    ticketing-core = { services = "ticketing-core", subnet = "services", address = "10.20.2.11", disk_gb = 0 }
    queue-service  = { services = "queue-service", subnet = "services", address = "10.20.2.12", disk_gb = 0 }
    staff-api      = { services = "staff-api", subnet = "services", address = "10.20.2.13", disk_gb = 0 }
    postgres       = { services = "postgres", subnet = "stores", address = "10.20.3.10", disk_gb = 128 }
    redis          = { services = "redis", subnet = "stores", address = "10.20.3.11", disk_gb = 0 }
  }
  addresses = {
    JARI_CORE_SERVERS      = "10.20.2.11:8081"
    JARI_QUEUE_SERVERS     = "10.20.2.12:8082"
    JARI_STAFF_SERVERS     = "10.20.2.13:8083"
    JARI_CORE_INTERNAL_URL = "http://10.20.2.11:9081"
    JARI_POSTGRES          = "10.20.3.10"
    JARI_REDIS             = "10.20.3.11"
    JARI_VAULT             = var.vault_name
  }
}

resource "azurerm_resource_group" "system" {
  name     = "cloud-msa-rg"
  location = var.location
}

module "network" {
  source         = "../modules/network"
  name           = "jari"
  resource_group = local.group
  address_space  = "10.20.0.0/16"
  subnets = {
    front = {
      prefix = local.front
      vault  = true
      rules = {
        web = { priority = 100, sources = ["0.0.0.0/0"], ports = ["80", "443"] }
        ssh = { priority = 110, sources = var.admin_cidrs, ports = ["22"] }
      }
    }
    services = {
      prefix = "10.20.2.0/24"
      nat    = true
      vault  = true
      rules = {
        gateway = { priority = 100, sources = [local.front], ports = ["8081", "8082", "8083"] }
        door    = { priority = 110, sources = ["10.20.2.13/32"], ports = ["9081"] }
        ssh     = { priority = 120, sources = [local.front], ports = ["22"] }
      }
    }
    stores = {
      prefix = "10.20.3.0/24"
      nat    = true
      vault  = true
      rules = {
        services = { priority = 100, sources = ["10.20.2.11/32", "10.20.2.12/32"], ports = ["5432", "6379"] }
        ssh      = { priority = 110, sources = [local.front], ports = ["22"] }
      }
    }
  }
}

module "vault" {
  source         = "../modules/vault"
  name           = var.vault_name
  resource_group = local.group
  admin_cidrs    = var.admin_cidrs
  subnets        = values(module.network.subnets)
  readers        = { for name, machine in module.machine : name => machine.identity }
}

module "machine" {
  source          = "../modules/machine"
  for_each        = local.machines
  name            = each.key
  resource_group  = local.group
  subnet_id       = module.network.subnets[each.value.subnet]
  private_address = each.value.address
  public          = each.key == "gateway"
  name_label      = each.key == "gateway" ? var.name_label : null
  size            = lookup(var.sizes, each.key, "Standard_D2as_v5")
  ssh_public_key  = var.ssh_public_key
  data_disk_gb    = each.value.disk_gb
  settings = merge(
    local.settings, local.addresses, { JARI_ROLE = each.value.services },
    each.key == "gateway" ? local.gateway_settings : {}
  )
}

output "address" {
  description = "Where a name of your own must lead to"
  value       = module.machine["gateway"].public_address
}

output "url" {
  description = "Where the system is"
  value       = var.acme_email == null ? "http://${module.machine["gateway"].public_name}" : "https://${local.domain}"
}

output "ssh" {
  description = "How to get onto each machine"
  value = { for name, machine in local.machines : name =>
    name == "gateway" ? "ssh jari@${module.machine["gateway"].public_address}" : "ssh -J jari@${module.machine["gateway"].public_address} jari@${machine.address}"
  }
}
