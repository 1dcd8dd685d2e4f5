# The keys and passwords that several machines share. They are put there by machine/fill-vault.sh, so that Terraform's state has none of them.
terraform {
  required_version = ">= 1.7"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
  }
}

variable "name" {
  description = "What the vault is called: no other one in Azure has that name"
  type        = string
}

variable "resource_group" {
  description = "The resource group and its region"
  type        = object({ name = string, location = string })
}

variable "admin_cidrs" {
  description = "Networks from which secrets may be put there"
  type        = list(string)
}

variable "subnets" {
  description = "The subnets whose machines read them"
  type        = list(string)
}

variable "readers" {
  description = "The identities that may read them"
  type        = map(string)
}

data "azurerm_client_config" "us" {}

resource "azurerm_key_vault" "this" {
  name                       = var.name
  resource_group_name        = var.resource_group.name
  location                   = var.resource_group.location
  tenant_id                  = data.azurerm_client_config.us.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  network_acls {
    default_action             = "Deny"
    bypass                     = "None"
    ip_rules                   = var.admin_cidrs
    virtual_network_subnet_ids = var.subnets
  }
}

# Whoever applies this fills it.
resource "azurerm_role_assignment" "us" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.us.object_id
}

resource "azurerm_role_assignment" "readers" {
  for_each             = var.readers
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = each.value
}

output "name" {
  description = "What the vault is called"
  value       = azurerm_key_vault.this.name
}
