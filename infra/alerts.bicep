// What wakes a person. Each alert's description ends with the page that says what to do. The words that log alerts look for
// are words of the program; a test finds them in its source.

param name string
param location string
param tags object

param pagerId string
param workspaceId string
param insightsId string
param keyVaultId string
param cosmosId string

@description('Host name that callers use.')
param publicHost string

@description('The program. Whoever else uses a key is a reason to look.')
param appPrincipalId string

// ---- is it there

resource look 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-healthz'
  location: location
  tags: union(tags, {
    'hidden-link:${insightsId}': 'Resource'
  })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-healthz'
    Name: '${name} /healthz'
    Enabled: true
    Frequency: 300
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [
      { Id: 'us-va-ash-azr' }
      { Id: 'us-il-ch1-azr' }
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'emea-se-sto-edge' }
    ]
    Request: {
      RequestUrl: 'https://${publicHost}/healthz'
      HttpVerb: 'GET'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource absent 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-absent'
  location: 'global'
  tags: tags
  properties: {
    description: 'The program does not answer from three places or more. Runbook: infra/runbooks/region-lost.md'
    severity: 0
    enabled: true
    scopes: [look.id, insightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: look.id
      componentId: insightsId
      failedLocationCount: 3
    }
    actions: [{ actionGroupId: pagerId }]
  }
}

// ---- what it stands on

var metricAlerts = [
  {
    name: 'key-vault-absent'
    description: 'Key Vault fails calls. Runbook: infra/runbooks/key-vault-down.md'
    severity: 1
    scope: keyVaultId
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    dimensions: []
  }
  {
    name: 'key-vault-throttled'
    description: 'Key Vault refuses calls for their number. Runbook: infra/runbooks/key-vault-down.md'
    severity: 2
    scope: keyVaultId
    metric: 'ServiceApiResult'
    aggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 50
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
  {
    name: 'cosmos-throttled'
    description: 'Cosmos DB refuses requests for their number. Runbook: infra/runbooks/cosmos-throttled.md'
    severity: 2
    scope: cosmosId
    metric: 'TotalRequests'
    aggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 100
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
  {
    name: 'cosmos-nearly-full'
    description: 'A partition of Cosmos DB uses nearly all of its request units. Runbook: infra/runbooks/cosmos-throttled.md'
    severity: 3
    scope: cosmosId
    metric: 'NormalizedRUConsumption'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 90
    dimensions: []
  }
]

resource metrics 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metricAlerts: {
    name: '${name}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.metric
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
            dimensions: alert.dimensions
          }
        ]
      }
      actions: [{ actionGroupId: pagerId }]
    }
  }
]

// ---- what the program says

var logAlerts = [
  {
    // Every line of this event id is made to wake a person (functions/Storage/Paging.cs).
    name: 'pages'
    description: 'Messages were given up and wait for a person. Runbook: infra/runbooks/poison-messages.md'
    severity: 1
    query: 'AppTraces | where Message contains "[360] Page: "'
    threshold: 0
  }
  {
    name: 'rings-lost'
    description: 'Rings for workflow orders were given up. Runbook: infra/runbooks/poison-messages.md'
    severity: 3
    query: 'AppTraces | where Message contains "A ring for workflow orders was given up"'
    threshold: 3
  }
  {
    name: 'workflow-left'
    description: 'A workflow that the host failed was started again too often and is left. Runbook: infra/runbooks/workflows-failed.md'
    severity: 1
    query: 'AppTraces | where Message contains "was failed by the host and is left"'
    threshold: 0
  }
  {
    name: 'workflows-failing'
    description: 'The host fails workflows, which are started again. Runbook: infra/runbooks/workflows-failed.md'
    severity: 2
    query: 'AppTraces | where Message contains "was failed by the host and is started again"'
    threshold: 20
  }
  {
    name: 'program-dies'
    description: 'The process with the stores and keys ends again and again, or cannot start. Runbook: infra/runbooks/workflows-failed.md'
    severity: 1
    query: 'AppTraces | where Message contains "; it is started again." or Message contains "The back could not be started"'
    threshold: 5
  }
  {
    // Calls without a token (every client's first) have no status 200 and no identity.
    name: 'stranger-at-the-keys'
    description: 'Somebody other than the program used or changed a key. Runbook: infra/runbooks/key-compromise.md'
    severity: 0
    query: 'AZKVAuditLogs | where OperationName startswith "Key" and HttpStatusCode == 200 | extend claims = todynamic(Identity).claim | extend who = coalesce(tostring(claims.oid), tostring(claims["http://schemas.microsoft.com/identity/claims/objectidentifier"])) | where who != "${appPrincipalId}"'
    threshold: 0
  }
]

resource words 'Microsoft.Insights/scheduledQueryRules@2025-01-01-preview' = [
  for alert in logAlerts: {
    name: '${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      // A table is there once its first row is.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: {
        actionGroups: [pagerId]
      }
    }
  }
]
