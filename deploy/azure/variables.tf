variable "location" {
  description = "The region of everything"
  type        = string
  default     = "koreacentral"
}

variable "admin_cidrs" {
  description = "Networks that may come in by SSH"
  type        = list(string)
  validation {
    condition     = length(var.admin_cidrs) > 0 && !contains(var.admin_cidrs, "0.0.0.0/0") && !contains(var.admin_cidrs, "*")
    error_message = "Name the networks that may come in by SSH; the whole world may not."
  }
}

variable "ssh_public_key" {
  description = "The public key of the user jari"
  type        = string
}

variable "repository" {
  description = "Where the server clones this repository from, over HTTPS"
  type        = string
}

variable "commit" {
  description = "The commit whose images are started"
  type        = string
}

variable "size" {
  description = "The size of the system's machine"
  type        = string
  default     = "Standard_D4as_v5"
}

variable "load_size" {
  description = "The size of the machine that makes load"
  type        = string
  default     = "Standard_D4as_v5"
}

variable "with_load" {
  description = "Whether there is a machine that makes load: it costs as much as the other"
  type        = bool
  default     = false
}
