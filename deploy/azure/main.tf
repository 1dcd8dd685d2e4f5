# The system on one machine, in cloud-msa-rg.
terraform {
  required_version = ">= 1.7"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "system" {
  name     = "cloud-msa-rg"
  location = var.location
}

resource "azurerm_virtual_network" "system" {
  name                = "jari"
  resource_group_name = azurerm_resource_group.system.name
  location            = azurerm_resource_group.system.location
  address_space       = ["10.20.0.0/16"]
}

resource "azurerm_subnet" "system" {
  name                 = "jari"
  resource_group_name  = azurerm_resource_group.system.name
  virtual_network_name = azurerm_virtual_network.system.name
  address_prefixes     = ["10.20.1.0/24"]
}

resource "azurerm_network_security_group" "system" {
  name                = "jari"
  resource_group_name = azurerm_resource_group.system.name
  location            = azurerm_resource_group.system.location

  security_rule {
    name                       = "web"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_port_ranges    = ["80", "443"]
    destination_address_prefix = "*"
  }

  security_rule {
    name                       = "ssh"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = var.admin_cidrs
    destination_port_range     = "22"
    destination_address_prefix = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "system" {
  subnet_id                 = azurerm_subnet.system.id
  network_security_group_id = azurerm_network_security_group.system.id
}

resource "azurerm_public_ip" "system" {
  name                = "jari"
  resource_group_name = azurerm_resource_group.system.name
  location            = azurerm_resource_group.system.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_interface" "system" {
  name                = "jari"
  resource_group_name = azurerm_resource_group.system.name
  location            = azurerm_resource_group.system.location

  ip_configuration {
    name                          = "public"
    subnet_id                     = azurerm_subnet.system.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.system.id
  }
}

resource "azurerm_linux_virtual_machine" "system" {
  name                            = "jari"
  resource_group_name             = azurerm_resource_group.system.name
  location                        = azurerm_resource_group.system.location
  size                            = var.size
  admin_username                  = "jari"
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.system.id]
  custom_data = base64encode(templatefile("${path.module}/cloud-init.yaml", {
    repository = var.repository
    commit     = var.commit
  }))

  admin_ssh_key {
    username   = "jari"
    public_key = var.ssh_public_key
  }

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
}

# What was sold outlives the machine.
resource "azurerm_managed_disk" "data" {
  name                 = "jari-data"
  resource_group_name  = azurerm_resource_group.system.name
  location             = azurerm_resource_group.system.location
  storage_account_type = "Premium_LRS"
  create_option        = "Empty"
  disk_size_gb         = 64

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_virtual_machine_data_disk_attachment" "data" {
  managed_disk_id    = azurerm_managed_disk.data.id
  virtual_machine_id = azurerm_linux_virtual_machine.system.id
  lun                = 0
  # No cache that could lose what was answered.
  caching = "None"
}

output "address" {
  description = "Where the name of the sale must point to"
  value       = azurerm_public_ip.system.ip_address
}
