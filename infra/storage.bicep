// Two accounts, because two kinds of things are kept for two kinds of readers:
//   host     what the Functions host needs: its locks, the packages it runs, the workflow extension's hub, the queues. Ids
//            only. The host insists on wide rights here.
//   content  what tenants own, sealed before it arrives. The program has rights on four containers and on nothing else.
//
// Erasing, and versions. In `content` an overwritten or deleted blob can be brought back for `backupDays` days: that is the
// backup of blobs (OPS-1), with the same window as the database's. It is also how long an erased blob still exists as
// ciphertext, so a certificate of destruction is final only after it; destroying the tenant's key makes it unreadable at
// once. Nothing is kept longer by accident: a lifecycle rule moves old versions to the bin within two days, and the bin
// (soft delete) ends with the window. Were they left as versions for the window, the bin would come after it: twice as long.
//
// In `audit` and `platform` nothing can be changed or removed before its time, not even by the program. The values that an
// erasure must reach are not in there: they lie sealed beside the log, whose tiles and checkpoints hold salted commitments.

@description('Both accounts are named by it. Lower-case letters and digits.')
param prefix string
param suffix string
param location string
param tags object

param appPrincipalId string

@description('Group that may put packages here and ring the staging app\'s bell. Empty: nobody but the owners.')
param deployersGroupId string

@description('Copies stay in the geography of the region (OPS-3).')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param redundancy string

@allowed([7, 30])
param backupDays int

@description('As the program is told (Azure:Blobs:AuditPolicy). It locks what it writes; here stands what holds a blob it forgot.')
@allowed(['Off', 'Unlocked', 'Locked'])
param auditPolicy string

@description('Closed to the internet; reached by private endpoints.')
param isPrivate bool

param workspaceId string

var contributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
)

// Seven years of any length (AUD-3).
var auditRetentionDays = 2557
var exportDays = 7

// ---- host

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: '${prefix}host${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: host
  name: 'default'
}

// What the platform runs. It keeps one package here, under a name of its own.
resource running 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: hostBlobs
  name: 'deployment'
}

// Every package that was deployed, by its commit: where a rollback finds the one before.
resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: hostBlobs
  name: 'packages'
}

resource oldPackages 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: host
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-packages'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${packages.name}/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 180
                }
              }
            }
          }
        }
      ]
    }
  }
}

resource hostQueues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: host
  name: 'default'
}

// Messages hold ids, never content. Whatever fails five times goes to the queue's poison queue, which has a function that
// says so (runbooks/poison-messages.md).
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in ['workflow-orders', 'workflow-orders-poison', 'webhook-buffer', 'webhook-buffer-poison']: {
    parent: hostQueues
    name: name
  }
]

// The Functions host asks for these three on the account of AzureWebJobsStorage: it makes containers, locks blobs as their
// owner, and the workflow extension keeps its hub in queues and tables.
var hostRoles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
]

resource appOnHost 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostRoles: {
    name: guid(host.id, appPrincipalId, role)
    scope: host
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource deployersOnPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployersGroupId)) {
  name: guid(packages.id, deployersGroupId, contributor)
  scope: packages
  properties: {
    roleDefinitionId: contributor
    principalId: deployersGroupId
    principalType: 'Group'
  }
}

resource deployersOnBell 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployersGroupId)) {
  name: guid(queues[0].id, deployersGroupId, 'Storage Queue Data Message Sender')
  scope: queues[0]
  properties: {
    // Storage Queue Data Message Sender
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
    )
    principalId: deployersGroupId
    principalType: 'Group'
  }
}

// ---- content

resource content 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: '${prefix}data${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
  }
}

resource contentBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: content
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: backupDays
      // Whoever may delete for good could end the backup.
      allowPermanentDelete: false
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: backupDays
    }
  }
}

resource records 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: contentBlobs
  name: 'records'
}

resource exports 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: contentBlobs
  name: 'exports'
}

resource audit 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: contentBlobs
  name: 'audit'
  properties: {
    immutableStorageWithVersioning: {
      enabled: true
    }
  }
}

resource platform 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: contentBlobs
  name: 'platform'
  properties: {
    immutableStorageWithVersioning: {
      enabled: true
    }
  }
}

// What every new version gets that says nothing of its own. Left unlocked: the program locks each version it writes, and a
// container's lock cannot be undone.
resource auditRetention 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (auditPolicy != 'Off') {
  parent: audit
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: auditRetentionDays
    allowProtectedAppendWrites: false
  }
}

// Claims and wrapped keys of the platform: kept at first writing, for as long. The program writes them once and holds none.
resource platformRetention 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (auditPolicy != 'Off') {
  parent: platform
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: auditRetentionDays
    allowProtectedAppendWrites: false
  }
}

resource contentLifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: content
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-versions-go-to-the-bin'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${records.name}/', '${exports.name}/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 1
                }
              }
            }
          }
        }
        {
          name: 'exports-end'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${exports.name}/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterCreationGreaterThan: exportDays
                }
              }
            }
          }
        }
      ]
    }
  }
}

// Each role on a container and none on the account.
resource appOnRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(records.id, appPrincipalId, contributor)
  scope: records
  properties: {
    roleDefinitionId: contributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource appOnExports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(exports.id, appPrincipalId, contributor)
  scope: exports
  properties: {
    roleDefinitionId: contributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// To set retention and legal hold, built-in roles ask for Storage Blob Data Owner, who may also delete and give rights away.
// This one reads, writes and holds; it has no word for deleting.
resource holder 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'write once')
  properties: {
    roleName: 'PracticPro write once (${resourceGroup().name}, ${take(subscription().subscriptionId, 8)})'
    description: 'Reads and writes blobs and sets how long they are held; cannot delete them.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/read'
        ]
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/immutableStorage/runAsSuperUser/action'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource appOnAudit 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(audit.id, appPrincipalId, 'write once')
  scope: audit
  properties: {
    roleDefinitionId: holder.id
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource appOnPlatform 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(platform.id, appPrincipalId, 'write once')
  scope: platform
  properties: {
    roleDefinitionId: holder.id
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who deleted what, by name of blob (ids and digests). Reads and writes would tell the same at fifty times the volume.
resource deletions 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'deletions'
  scope: contentBlobs
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

output hostName string = host.name
output hostId string = host.id
output contentId string = content.id
output deploymentContainer string = '${host.properties.primaryEndpoints.blob}${running.name}'
output queueEndpoint string = host.properties.primaryEndpoints.queue
output blobEndpoint string = content.properties.primaryEndpoints.blob
