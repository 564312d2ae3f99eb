// The workflow engine (decision 0013): the program fetches its work from it, and what a lost process had under way is given
// to another. Workflows hold ids, so nothing of a tenant's content is ever in it.

param name string
param location string
param tags object
param appPrincipalId string

var hub = 'practicpro'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'Consumption'
    }
    // Who may is decided by the role below: the app's outgoing addresses are not its own.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: hub
}

resource appOnHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(taskHub.id, appPrincipalId, 'Durable Task Data Contributor')
  scope: taskHub
  properties: {
    // Durable Task Data Contributor
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '0ad04412-c4d5-4796-b79c-f76d14c8d402'
    )
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output endpoint string = scheduler.properties.endpoint
output taskHub string = hub
