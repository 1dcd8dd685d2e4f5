# A machine that only makes load, in locust-vm-group, with Locust and jari load. It comes to the system as everybody does, over its public address:
# what it says of a sale is what people would see. Its own address goes to the system as limit_exempt.
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

variable "location" {
  description = "The region: that of the system, or another one, from which people come"
  type        = string
  default     = "koreacentral"
}

variable "admin_cidrs" {
  description = "Networks that may come in by SSH"
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
  description = "Where the machine clones this repository from, over HTTPS"
  type        = string
}

variable "commit" {
  description = "The commit whose jari load it has"
  type        = string
}

variable "images" {
  description = "The namespace on Docker Hub in which the images are"
  type        = string
}

variable "size" {
  description = "The size of the machine"
  type        = string
  default     = "Standard_F8as_v6"
}

variable "locust_version" {
  description = "The version of Locust, on PyPI"
  type        = string
  default     = "2.47.0"
}

resource "azurerm_resource_group" "load" {
  name     = "locust-vm-group"
  location = var.location
}

module "network" {
  source         = "../modules/network"
  name           = "load"
  resource_group = { name = azurerm_resource_group.load.name, location = azurerm_resource_group.load.location }
  address_space  = "10.30.0.0/16"
  subnets = {
    load = {
      prefix = "10.30.1.0/24"
      rules  = { ssh = { priority = 100, sources = var.admin_cidrs, ports = ["22"] } }
    }
  }
}

module "load" {
  source          = "../modules/machine"
  name            = "load"
  resource_group  = { name = azurerm_resource_group.load.name, location = azurerm_resource_group.load.location }
  subnet_id       = module.network.subnets["load"]
  private_address = "10.30.1.10"
  public          = true
  size            = var.size
  ssh_public_key  = var.ssh_public_key
  settings = {
    JARI_REPOSITORY     = var.repository
    JARI_COMMIT         = var.commit
    JARI_IMAGES         = var.images
    JARI_ROLE           = "load"
    JARI_LOCUST_VERSION = var.locust_version
  }
}

output "address" {
  description = "What the system's limits are not to count: its limit_exempt"
  value       = module.load.public_address
}

output "ssh" {
  description = "How to get onto the machine"
  value       = "ssh jari@${module.load.public_address}"
}
