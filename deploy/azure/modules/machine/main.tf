# A machine with Debian, which cloud-init brings to run something of this repository.
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
  description = "What the machine is called"
  type        = string
}

variable "resource_group" {
  description = "The resource group and its region"
  type        = object({ name = string, location = string })
}

variable "subnet_id" {
  description = "The subnet in which it is"
  type        = string
}

variable "private_address" {
  description = "Its address in the subnet"
  type        = string
}

variable "public" {
  description = "Whether it has a public address"
  type        = bool
  default     = false
}

variable "name_label" {
  description = "With it the public address has the name LABEL.REGION.cloudapp.azure.com"
  type        = string
  default     = null
}

variable "size" {
  description = "Its size"
  type        = string
}

variable "ssh_public_key" {
  description = "The public key of the user jari"
  type        = string
}

variable "settings" {
  description = "What machine/first-start.sh is told: the lines of /etc/jari/machine.env; no secrets"
  type        = map(string)
}

variable "data_disk_gb" {
  description = "The size of a disk that outlives the machine; none if 0"
  type        = number
  default     = 0
}

resource "azurerm_public_ip" "this" {
  count               = var.public ? 1 : 0
  name                = var.name
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
  allocation_method   = "Static"
  sku                 = "Standard"
  domain_name_label   = var.name_label
}

resource "azurerm_network_interface" "this" {
  name                = var.name
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location

  ip_configuration {
    name                          = "main"
    subnet_id                     = var.subnet_id
    private_ip_address_allocation = "Static"
    private_ip_address            = var.private_address
    public_ip_address_id          = var.public ? azurerm_public_ip.this[0].id : null
  }
}

resource "azurerm_linux_virtual_machine" "this" {
  name                            = var.name
  resource_group_name             = var.resource_group.name
  location                        = var.resource_group.location
  size                            = var.size
  admin_username                  = "jari"
  disable_password_authentication = true
  allow_extension_operations      = false
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  network_interface_ids           = [azurerm_network_interface.this.id]
  custom_data                     = base64encode(module.cloud_init.text)

  admin_ssh_key {
    username   = "jari"
    public_key = var.ssh_public_key
  }

  # Who it is to the vault.
  identity {
    type = "SystemAssigned"
  }

  # Its console, when it can't be reached.
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

  lifecycle {
    # A machine that runs is not replaced for another commit, a setting or a newer image: README.md says how it gets them.
    ignore_changes = [custom_data, source_image_reference]
  }
}

module "cloud_init" {
  source   = "../cloud-init"
  settings = merge(var.settings, var.data_disk_gb > 0 ? { JARI_DATA_DISK = "/dev/disk/azure/scsi1/lun0" } : {})
}

# What was sold outlives the machine.
resource "azurerm_managed_disk" "data" {
  count                         = var.data_disk_gb > 0 ? 1 : 0
  name                          = "${var.name}-data"
  resource_group_name           = var.resource_group.name
  location                      = var.resource_group.location
  storage_account_type          = "Premium_LRS"
  create_option                 = "Empty"
  disk_size_gb                  = var.data_disk_gb
  public_network_access_enabled = false
  network_access_policy         = "DenyAll"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_virtual_machine_data_disk_attachment" "data" {
  count              = var.data_disk_gb > 0 ? 1 : 0
  managed_disk_id    = azurerm_managed_disk.data[0].id
  virtual_machine_id = azurerm_linux_virtual_machine.this.id
  lun                = 0
  # No cache that could lose what was answered.
  caching = "None"
}

output "public_address" {
  description = "Its public address, if it has one"
  value       = var.public ? azurerm_public_ip.this[0].ip_address : null
}

output "public_name" {
  description = "The name of that address, if it has one"
  value       = var.public ? azurerm_public_ip.this[0].fqdn : null
}

output "identity" {
  description = "Who it is to the vault"
  value       = azurerm_linux_virtual_machine.this.identity[0].principal_id
}
