# A machine that only makes load, in locust-vm-group. It reaches the system as everybody does, over its public address.
locals {
  load = var.with_load ? 1 : 0
}

resource "azurerm_resource_group" "load" {
  count    = local.load
  name     = "locust-vm-group"
  location = var.location
}

resource "azurerm_virtual_network" "load" {
  count               = local.load
  name                = "load"
  resource_group_name = azurerm_resource_group.load[0].name
  location            = azurerm_resource_group.load[0].location
  address_space       = ["10.30.0.0/16"]
}

resource "azurerm_subnet" "load" {
  count                = local.load
  name                 = "load"
  resource_group_name  = azurerm_resource_group.load[0].name
  virtual_network_name = azurerm_virtual_network.load[0].name
  address_prefixes     = ["10.30.1.0/24"]
}

resource "azurerm_network_security_group" "load" {
  count               = local.load
  name                = "load"
  resource_group_name = azurerm_resource_group.load[0].name
  location            = azurerm_resource_group.load[0].location

  security_rule {
    name                       = "ssh"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = var.admin_cidrs
    destination_port_range     = "22"
    destination_address_prefix = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "load" {
  count                     = local.load
  subnet_id                 = azurerm_subnet.load[0].id
  network_security_group_id = azurerm_network_security_group.load[0].id
}

resource "azurerm_public_ip" "load" {
  count               = local.load
  name                = "load"
  resource_group_name = azurerm_resource_group.load[0].name
  location            = azurerm_resource_group.load[0].location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_interface" "load" {
  count               = local.load
  name                = "load"
  resource_group_name = azurerm_resource_group.load[0].name
  location            = azurerm_resource_group.load[0].location

  ip_configuration {
    name                          = "public"
    subnet_id                     = azurerm_subnet.load[0].id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.load[0].id
  }
}

resource "azurerm_linux_virtual_machine" "load" {
  count                           = local.load
  name                            = "load"
  resource_group_name             = azurerm_resource_group.load[0].name
  location                        = azurerm_resource_group.load[0].location
  size                            = var.load_size
  admin_username                  = "jari"
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.load[0].id]

  admin_ssh_key {
    username   = "jari"
    public_key = var.ssh_public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }

  source_image_reference {
    publisher = "Debian"
    offer     = "debian-12"
    sku       = "12-gen2"
    version   = "latest"
  }
}
