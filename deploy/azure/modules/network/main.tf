# A network whose subnets let in what they say, and nobody else; what has no public address goes out by NAT where a subnet says so.
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
  description = "What the network is called"
  type        = string
}

variable "resource_group" {
  description = "The resource group and its region"
  type        = object({ name = string, location = string })
}

variable "address_space" {
  description = "All of its addresses"
  type        = string
}

variable "subnets" {
  description = "Its subnets: their addresses, who may come in at which ports, and whether they go out by NAT and may ask the vault"
  type = map(object({
    prefix = string
    rules  = map(object({ priority = number, sources = list(string), ports = list(string) }))
    nat    = optional(bool, false)
    vault  = optional(bool, false)
  }))
}

locals {
  behind_nat = [for name, subnet in var.subnets : name if subnet.nat]
}

resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
  address_space       = [var.address_space]
}

resource "azurerm_subnet" "this" {
  for_each                        = var.subnets
  name                            = each.key
  resource_group_name             = var.resource_group.name
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [each.value.prefix]
  default_outbound_access_enabled = false
  service_endpoints               = each.value.vault ? ["Microsoft.KeyVault"] : []
}

resource "azurerm_network_security_group" "this" {
  for_each            = var.subnets
  name                = "${var.name}-${each.key}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location

  dynamic "security_rule" {
    for_each = each.value.rules
    content {
      name                       = security_rule.key
      priority                   = security_rule.value.priority
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_port_range          = "*"
      source_address_prefixes    = security_rule.value.sources
      destination_port_ranges    = security_rule.value.ports
      destination_address_prefix = "*"
    }
  }

  # Azure lets machines of one network speak with each other; here only those that are named.
  security_rule {
    name                       = "nobody-else"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_port_range     = "*"
    destination_address_prefix = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each                  = var.subnets
  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.this[each.key].id
}

resource "azurerm_public_ip" "nat" {
  count               = length(local.behind_nat) > 0 ? 1 : 0
  name                = "${var.name}-nat"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_nat_gateway" "this" {
  count               = length(local.behind_nat) > 0 ? 1 : 0
  name                = var.name
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
  sku_name            = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "this" {
  count                = length(local.behind_nat) > 0 ? 1 : 0
  nat_gateway_id       = azurerm_nat_gateway.this[0].id
  public_ip_address_id = azurerm_public_ip.nat[0].id
}

resource "azurerm_subnet_nat_gateway_association" "this" {
  for_each       = toset(local.behind_nat)
  subnet_id      = azurerm_subnet.this[each.key].id
  nat_gateway_id = azurerm_nat_gateway.this[0].id
}

output "subnets" {
  description = "The id of every subnet, which is there with its rules and its way out"
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }
  depends_on  = [azurerm_subnet_network_security_group_association.this, azurerm_subnet_nat_gateway_association.this]
}
