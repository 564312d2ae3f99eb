// Keys that wrap tenants' data keys, one a tenant, and the key that signs audit checkpoints. The program makes them itself:
// a tenant is not a deployment. Deleting a key is how a tenant's data is destroyed; with purge protection nobody can make
// that final before the retention is over, and nobody can take the vault away with all keys in it.

param name string
param location string
param tags object
param appPrincipalId string

@description('premium keeps keys in hardware.')
@allowed(['standard', 'premium'])
param sku string

@description('Closed to the internet; reached by private endpoint.')
param isPrivate bool

param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: sku
    }
    // Roles, and not access policies: these would be a second list of who may.
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

// Of the built-in roles Crypto User can use keys and not make or rotate them, and Crypto Officer can do all, purge,
// back up, import and release included. What the program does lies between: it makes, reads, disables, rotates and deletes
// keys, wraps, unwraps and signs. It cannot copy a key out, bring a deleted one back, or end it before its time; for these
// a person takes Crypto Officer for an hour (runbooks/key-compromise.md).
resource tenantKeys 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'tenant keys')
  properties: {
    roleName: 'PracticPro tenant keys (${resourceGroup().name}, ${take(subscription().subscriptionId, 8)})'
    description: 'Makes, uses, rotates and deletes keys; cannot export, recover, or purge them.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/create/action'
          'Microsoft.KeyVault/vaults/keys/update/action'
          'Microsoft.KeyVault/vaults/keys/rotate/action'
          'Microsoft.KeyVault/vaults/keys/delete'
          'Microsoft.KeyVault/vaults/keys/wrap/action'
          'Microsoft.KeyVault/vaults/keys/unwrap/action'
          'Microsoft.KeyVault/vaults/keys/sign/action'
          'Microsoft.KeyVault/vaults/keyrotationpolicies/read'
          'Microsoft.KeyVault/vaults/keyrotationpolicies/write'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource appOnKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, 'tenant keys')
  scope: vault
  properties: {
    roleDefinitionId: tenantKeys.id
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The secrets that providers gave us (README.md, "After the first deployment"), as references in the app's settings.
resource appOnSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, 'Key Vault Secrets User')
  scope: vault
  properties: {
    // Key Vault Secrets User
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Every use of every key, by whom. Names of keys and callers; no plaintext and no wrapped value is ever in it.
resource uses 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'uses'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name
output endpoint string = vault.properties.vaultUri
