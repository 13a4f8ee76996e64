"""checkov checks what the rehearsal's stack makes: `make audit`, in an environment of its own (290 MB).

The stack is deployed against the clouds of this machine; its resources are written as a Terraform plan (AWS, Google
Cloud) and as an ARM template (Azure), the forms that checkov reads; what it finds must be explained in `accepted`.
"""
