# The system with a scale set, in cloud-msa-rg: a machine for the gateway, one for the stores, and as many as people need with the three services
# each, behind a load balancer of the network's own.
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

variable "size" {
  description = "The size of a machine of the scale set"
  type        = string
  default     = "Standard_D4as_v5"
}

variable "machines" {
  description = "How many there are at least, and at most"
  type        = object({ least = number, most = number })
  default     = { least = 2, most = 6 }
  validation {
    condition     = var.machines.least >= 2 && var.machines.most >= var.machines.least
    error_message = "Take at least two: one must be there while another is replaced."
  }
}

locals {
  group    = { name = azurerm_resource_group.system.name, location = azurerm_resource_group.system.location }
  front    = "10.20.1.0/24"
  balancer = "10.20.2.10"
  ports    = { ticketing-core = 8081, queue-service = 8082, staff-api = 8083 }
  addresses = {
    JARI_CORE_SERVERS      = "${local.balancer}:8081"
    JARI_QUEUE_SERVERS     = "${local.balancer}:8082"
    JARI_STAFF_SERVERS     = "${local.balancer}:8083"
    JARI_CORE_INTERNAL_URL = "http://ticketing-core:9081"
    JARI_POSTGRES          = "10.20.3.10"
    JARI_REDIS             = "10.20.3.10"
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
        ssh     = { priority = 110, sources = [local.front], ports = ["22"] }
      }
    }
    stores = {
      prefix = "10.20.3.0/24"
      nat    = true
      vault  = true
      rules = {
        services = { priority = 100, sources = ["10.20.2.0/24"], ports = ["5432", "6379"] }
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
  readers = {
    gateway  = module.gateway.identity
    stores   = module.stores.identity
    services = azurerm_linux_virtual_machine_scale_set.services.identity[0].principal_id
  }
}

module "gateway" {
  source          = "../modules/machine"
  name            = "gateway"
  resource_group  = local.group
  subnet_id       = module.network.subnets["front"]
  private_address = "10.20.1.10"
  public          = true
  name_label      = var.name_label
  size            = "Standard_D2as_v5"
  ssh_public_key  = var.ssh_public_key
  settings        = merge(local.settings, local.addresses, local.gateway_settings, { JARI_ROLE = "nginx" })
}

module "stores" {
  source          = "../modules/machine"
  name            = "stores"
  resource_group  = local.group
  subnet_id       = module.network.subnets["stores"]
  private_address = "10.20.3.10"
  size            = "Standard_D4as_v5"
  ssh_public_key  = var.ssh_public_key
  data_disk_gb    = 128
  settings        = merge(local.settings, local.addresses, { JARI_ROLE = "postgres,redis" })
}

resource "azurerm_lb" "services" {
  name                = "services"
  resource_group_name = local.group.name
  location            = local.group.location
  sku                 = "Standard"

  frontend_ip_configuration {
    name                          = "services"
    subnet_id                     = module.network.subnets["services"]
    private_ip_address_allocation = "Static"
    private_ip_address            = local.balancer
  }
}

resource "azurerm_lb_backend_address_pool" "services" {
  name            = "services"
  loadbalancer_id = azurerm_lb.services.id
}

# A service opens its port once it knows all that has happened, and closes it before it ends.
resource "azurerm_lb_probe" "services" {
  for_each            = local.ports
  name                = each.key
  loadbalancer_id     = azurerm_lb.services.id
  protocol            = "Tcp"
  port                = each.value
  interval_in_seconds = 5
  probe_threshold     = 2
}

resource "azurerm_lb_rule" "services" {
  for_each                       = local.ports
  name                           = each.key
  loadbalancer_id                = azurerm_lb.services.id
  protocol                       = "Tcp"
  frontend_port                  = each.value
  backend_port                   = each.value
  frontend_ip_configuration_name = "services"
  backend_address_pool_ids       = [azurerm_lb_backend_address_pool.services.id]
  probe_id                       = azurerm_lb_probe.services[each.key].id
  # Streams say something every few seconds.
  idle_timeout_in_minutes = 4
  tcp_reset_enabled       = true
}

module "cloud_init" {
  source   = "../modules/cloud-init"
  settings = merge(local.settings, local.addresses, { JARI_ROLE = "ticketing-core,queue-service,staff-api" })
}

resource "azurerm_linux_virtual_machine_scale_set" "services" {
  name                            = "services"
  resource_group_name             = local.group.name
  location                        = local.group.location
  sku                             = var.size
  instances                       = var.machines.least
  admin_username                  = "jari"
  disable_password_authentication = true
  extension_operations_enabled    = false
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  overprovision                   = false
  custom_data                     = base64encode(module.cloud_init.text)
  # Another commit replaces the machines one after another, each only once the one before serves.
  upgrade_mode    = "Rolling"
  health_probe_id = azurerm_lb_probe.services["ticketing-core"].id

  rolling_upgrade_policy {
    max_batch_instance_percent              = 50
    max_unhealthy_instance_percent          = 50
    max_unhealthy_upgraded_instance_percent = 50
    pause_time_between_batches              = "PT1M"
  }

  automatic_instance_repair {
    enabled      = true
    grace_period = "PT30M"
  }

  admin_ssh_key {
    username   = "jari"
    public_key = var.ssh_public_key
  }

  identity {
    type = "SystemAssigned"
  }

  boot_diagnostics {}

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  source_image_reference {
    publisher = "Debian"
    offer     = "debian-12"
    sku       = "12-gen2"
    version   = "latest"
  }

  network_interface {
    name    = "main"
    primary = true

    ip_configuration {
      name                                   = "main"
      primary                                = true
      subnet_id                              = module.network.subnets["services"]
      load_balancer_backend_address_pool_ids = [azurerm_lb_backend_address_pool.services.id]
    }
  }

  # How many there are now, the autoscaling says.
  lifecycle {
    ignore_changes = [instances]
  }

  # The probe is asked only where a rule has it.
  depends_on = [azurerm_lb_rule.services]
}

resource "azurerm_monitor_autoscale_setting" "services" {
  name                = "services"
  resource_group_name = local.group.name
  location            = local.group.location
  target_resource_id  = azurerm_linux_virtual_machine_scale_set.services.id

  profile {
    name = "processors"

    capacity {
      default = var.machines.least
      minimum = var.machines.least
      maximum = var.machines.most
    }

    # A sale opens at once and thins out slowly.
    rule {
      metric_trigger {
        metric_name        = "Percentage CPU"
        metric_resource_id = azurerm_linux_virtual_machine_scale_set.services.id
        time_grain         = "PT1M"
        time_window        = "PT5M"
        time_aggregation   = "Average"
        statistic          = "Average"
        operator           = "GreaterThan"
        threshold          = 60
      }
      scale_action {
        direction = "Increase"
        type      = "ChangeCount"
        value     = "2"
        cooldown  = "PT5M"
      }
    }

    rule {
      metric_trigger {
        metric_name        = "Percentage CPU"
        metric_resource_id = azurerm_linux_virtual_machine_scale_set.services.id
        time_grain         = "PT1M"
        time_window        = "PT15M"
        time_aggregation   = "Average"
        statistic          = "Average"
        operator           = "LessThan"
        threshold          = 20
      }
      scale_action {
        direction = "Decrease"
        type      = "ChangeCount"
        value     = "1"
        cooldown  = "PT15M"
      }
    }
  }
}

output "address" {
  description = "Where a name of your own must lead to"
  value       = module.gateway.public_address
}

output "url" {
  description = "Where the system is"
  value       = var.acme_email == null ? "http://${module.gateway.public_name}" : "https://${local.domain}"
}

output "ssh" {
  description = "How to get onto the gateway, and from there onto the others (-J)"
  value       = "ssh jari@${module.gateway.public_address}"
}
