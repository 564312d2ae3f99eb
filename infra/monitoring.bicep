// Where logs and measurements go, and who is called. The program's log holds no content and no address of a person; what
// Azure itself writes about requests could, so each family's file chooses its categories.

param name string
param location string
param tags object

@description('The program, which may write telemetry.')
param appPrincipalId string

@description('Mail addresses of those on call.')
param onCall string[]

@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: '${name}-logs'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      // Who reads logs signs in as a person with a role; the workspace's own keys open nothing.
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Telemetry is taken from whom it is granted below. The "connection string" of the app names where to send, not why
    // one may.
    DisableLocalAuth: true
    // Callers' addresses are shown as 0.0.0.0.
    DisableIpMasking: false
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, appPrincipalId, 'Monitoring Metrics Publisher')
  scope: insights
  properties: {
    // Monitoring Metrics Publisher
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource pager 'Microsoft.Insights/actionGroups@2024-10-01-preview' = {
  name: '${name}-on-call'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'practicpro'
    enabled: true
    emailReceivers: [
      for (address, place) in onCall: {
        name: 'on-call-${place}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

output workspaceId string = workspace.id
output workspaceCustomerId string = workspace.properties.customerId
output insightsId string = insights.id
output insightsConnection string = insights.properties.ConnectionString
output pagerId string = pager.id
