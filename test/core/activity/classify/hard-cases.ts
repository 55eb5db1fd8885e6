/**
 * Calls whose IAM action is not simply `service:Call`, as CloudTrail names them, and what AWS's references say they need. Written down
 * from the service authorization reference and the services' API references, not from the program, and read against them once more.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const CASES = `
s3:ListBuckets                                   s3:ListAllMyBuckets
s3:ListObjects                                   s3:ListBucket
s3:ListObjectsV2                                 s3:ListBucket
s3:HeadBucket                                    s3:ListBucket
s3:HeadObject                                    s3:GetObject
s3:ListObjectVersions                            s3:ListBucketVersions
s3:ListMultipartUploads                          s3:ListBucketMultipartUploads
s3:ListParts                                     s3:ListMultipartUploadParts
s3:CreateMultipartUpload                         s3:PutObject
s3:UploadPart                                    s3:PutObject
s3:UploadPartCopy                                s3:GetObject s3:PutObject
s3:CompleteMultipartUpload                       s3:PutObject
s3:PostObject                                    s3:PutObject
s3:CopyObject                                    s3:GetObject s3:PutObject
s3:DeleteObjects                                 s3:DeleteObject
s3:GetObjectAttributes                           s3:GetObject s3:GetObjectAttributes
s3:SelectObjectContent                           s3:GetObject
s3:WriteGetObjectResponse                        s3-object-lambda:WriteGetObjectResponse
s3:GetBucketCors                                 s3:GetBucketCORS
s3:PutBucketCors                                 s3:PutBucketCORS
s3:DeleteBucketCors                              s3:PutBucketCORS
s3:GetBucketEncryption                           s3:GetEncryptionConfiguration
s3:PutBucketEncryption                           s3:PutEncryptionConfiguration
s3:DeleteBucketEncryption                        s3:PutEncryptionConfiguration
s3:GetBucketLifecycle                            s3:GetLifecycleConfiguration
s3:GetBucketLifecycleConfiguration               s3:GetLifecycleConfiguration
s3:PutBucketLifecycle                            s3:PutLifecycleConfiguration
s3:DeleteBucketLifecycle                         s3:PutLifecycleConfiguration
s3:GetBucketReplication                          s3:GetReplicationConfiguration
s3:PutBucketReplication                          s3:PutReplicationConfiguration
s3:DeleteBucketReplication                       s3:PutReplicationConfiguration
s3:DeleteBucketTagging                           s3:PutBucketTagging
s3:GetPublicAccessBlock                          s3:GetBucketPublicAccessBlock
s3:GetBucketPublicAccessBlock                    s3:GetBucketPublicAccessBlock
s3:PutPublicAccessBlock                          s3:PutBucketPublicAccessBlock
s3:DeletePublicAccessBlock                       s3:PutBucketPublicAccessBlock
s3:DeleteBucketPublicAccessBlock                 s3:PutBucketPublicAccessBlock
s3:DeleteAccountPublicAccessBlock                s3:PutAccountPublicAccessBlock
s3:GetObjectLockConfiguration                    s3:GetBucketObjectLockConfiguration
s3:PutObjectLockConfiguration                    s3:PutBucketObjectLockConfiguration
s3:GetBucketNotificationConfiguration            s3:GetBucketNotification
s3:PutBucketNotificationConfiguration            s3:PutBucketNotification
s3:ListBucketInventoryConfigurations             s3:GetInventoryConfiguration
s3:ListBucketMetricsConfigurations               s3:GetMetricsConfiguration
s3:ListBucketAnalyticsConfigurations             s3:GetAnalyticsConfiguration
s3:ListBucketIntelligentTieringConfigurations    s3:GetIntelligentTieringConfiguration
s3:DeleteBucketOwnershipControls                 s3:PutBucketOwnershipControls
s3:PutBucketAccelerateConfiguration              s3:PutAccelerateConfiguration
s3:CreateSession                                 s3express:CreateSession
s3:ListDirectoryBuckets                          s3express:ListAllMyDirectoryBuckets
s3express:ListDirectoryBuckets                   s3express:ListAllMyDirectoryBuckets
s3express:PutObject                              s3express:CreateSession
s3express:GetObject                              s3express:CreateSession
s3express:ListObjectsV2                          s3express:CreateSession
s3express:GetBucketLifecycleConfiguration        s3express:GetLifecycleConfiguration
s3express:PutBucketEncryption                    s3express:PutEncryptionConfiguration
s3express:CreateBucket                           s3express:CreateBucket
autoscaling:RegisterScalableTarget               application-autoscaling:RegisterScalableTarget
autoscaling:DeregisterScalableTarget             application-autoscaling:DeregisterScalableTarget
autoscaling:DescribeScalableTargets              application-autoscaling:DescribeScalableTargets
autoscaling:DescribeScalingPolicies              application-autoscaling:DescribeScalingPolicies
autoscaling:DeleteScalingPolicy                  application-autoscaling:DeleteScalingPolicy
autoscaling:PutScheduledAction                   application-autoscaling:PutScheduledAction
autoscaling:TagResource                          application-autoscaling:TagResource
autoscaling:ListTagsForResource                  application-autoscaling:ListTagsForResource
autoscaling:PutScalingPolicy                     application-autoscaling:PutScalingPolicy autoscaling:PutScalingPolicy
autoscaling:DeleteScheduledAction                application-autoscaling:DeleteScheduledAction autoscaling:DeleteScheduledAction
autoscaling:DescribeScalingActivities            application-autoscaling:DescribeScalingActivities autoscaling:DescribeScalingActivities
autoscaling:PutScheduledUpdateGroupAction        autoscaling:PutScheduledUpdateGroupAction
autoscaling:DeletePolicy                         autoscaling:DeletePolicy
servicecatalog-appregistry:CreateApplication     servicecatalog:CreateApplication
servicecatalog-appregistry:AssociateAttributeGroup servicecatalog:AssociateAttributeGroup
apigateway:CreateRestApi                         apigateway:POST
apigateway:ImportRestApi                         apigateway:POST
apigateway:ImportApiKeys                         apigateway:POST
apigateway:ImportApi                             apigateway:PUT
apigateway:ImportDocumentationParts              apigateway:PUT
apigateway:ReimportApi                           apigateway:PUT
apigateway:PutRestApi                            apigateway:PUT
apigateway:PutMethod                             apigateway:PUT
apigateway:PutIntegration                        apigateway:PUT
apigateway:UpdateStage                           apigateway:PATCH
apigateway:UpdateAccount                         apigateway:PATCH
apigateway:GetExport                             apigateway:GET
apigateway:ExportApi                             apigateway:GET
apigateway:GetRestApis                           apigateway:GET
apigateway:DeleteStage                           apigateway:DELETE
apigateway:FlushStageCache                       apigateway:DELETE
apigateway:FlushStageAuthorizersCache            apigateway:DELETE
apigateway:ResetAuthorizersCache                 apigateway:DELETE
apigateway:UntagResource                         apigateway:DELETE
apigateway:TagResource                           apigateway:POST apigateway:PUT
apigateway:TestInvokeMethod                      apigateway:POST
apigateway:GenerateClientCertificate             apigateway:POST
apigateway:CreateRoutingRule                     apigateway:CreateRoutingRule
apigateway:ListPortals                           apigateway:ListPortals
bedrock:Converse                                 bedrock:InvokeModel
bedrock:ConverseStream                           bedrock:InvokeModelWithResponseStream
bedrock:StartAsyncInvoke                         bedrock:InvokeModel
bedrock:InvokeModel                              bedrock:InvokeModel
dynamodb:ExecuteStatement                        dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate
dynamodb:BatchExecuteStatement                   dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate
dynamodb:ExecuteTransaction                      dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate
dynamodb:TransactGetItems                        dynamodb:GetItem
dynamodb:TransactWriteItems                      dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem
dynamodb:BatchWriteItem                          dynamodb:BatchWriteItem
sqs:SendMessageBatch                             sqs:SendMessage
sqs:DeleteMessageBatch                           sqs:DeleteMessage
sqs:ChangeMessageVisibilityBatch                 sqs:ChangeMessageVisibility
sns:PublishBatch                                 sns:Publish
secretsmanager:BatchGetSecretValue               secretsmanager:BatchGetSecretValue secretsmanager:GetSecretValue
lambda:Invoke                                    lambda:InvokeFunction
lambda:InvokeWithResponseStream                  lambda:InvokeFunction
kms:ReEncrypt                                    kms:ReEncryptFrom kms:ReEncryptTo
cloudfront:CreateDistributionWithTags            cloudfront:CreateDistribution cloudfront:TagResource
cloudfront:CreateStreamingDistributionWithTags   cloudfront:CreateStreamingDistributionWithTags
budgets:CreateBudget                             budgets:ModifyBudget
budgets:DeleteNotification                       budgets:ModifyBudget
budgets:DescribeBudgets                          budgets:ViewBudget
budgets:DescribeSubscribersForNotification       budgets:ViewBudget
budgets:CreateBudgetAction                       budgets:CreateBudgetAction
budgets:DescribeBudgetActionsForAccount          budgets:DescribeBudgetActionsForAccount
budgets:ExecuteBudgetAction                      budgets:ExecuteBudgetAction
budgets:TagResource                              budgets:TagResource
cloudtrail:ListInsightsMetricData                cloudtrail:ListInsightsData
cloudcontrolapi:CreateResource                   cloudformation:CreateResource
cloudcontrolapi:GetResourceRequestStatus         cloudformation:GetResourceRequestStatus
cassandra:CreateKeyspace                         cassandra:Create
cassandra:CreateTable                            cassandra:Create
cassandra:UpdateTable                            cassandra:Alter
cassandra:AlterTable                             cassandra:Alter
cassandra:DeleteTable                            cassandra:Drop
cassandra:DropKeyspace                           cassandra:Drop
cassandra:GetTable                               cassandra:Select
cassandra:ListKeyspaces                          cassandra:Select
cassandra:RestoreTable                           cassandra:Restore
cassandra:TagResource                            cassandra:TagResource
timestream:Query                                 timestream:Select
data.jobs.iot:UpdateJobExecution                 iotjobsdata:UpdateJobExecution
data.iot:Publish                                 iot:Publish
lexv2:RecognizeText                              lex:RecognizeText
runtime.lex:PostText                             lex:PostText
api.sagemaker:CreateEndpoint                     sagemaker:CreateEndpoint
runtime.sagemaker:InvokeEndpoint                 sagemaker:InvokeEndpoint
api.ecr-public:GetAuthorizationToken             ecr-public:GetAuthorizationToken
api.pricing:GetProducts                          pricing:GetProducts
catalog.marketplace:StartChangeSet               aws-marketplace:StartChangeSet
entitlement.marketplace:GetEntitlements          aws-marketplace:GetEntitlements
metering.marketplace:MeterUsage                  aws-marketplace:MeterUsage
agreement-marketplace:SearchAgreements           aws-marketplace:SearchAgreements
appconfigdata:StartConfigurationSession          appconfig:StartConfigurationSession
rdsdata:ExecuteStatement                         rds-data:ExecuteStatement
ioteventsdata:BatchPutMessage                    iotevents:BatchPutMessage
email:SendEmail                                  ses:SendEmail
monitoring:PutMetricAlarm                        cloudwatch:PutMetricAlarm
opensearch:CreateDomain                          es:CreateDomain
tagging:GetResources                             tag:GetResources
sts:GetCallerIdentity                            -
sts:GetSessionToken                              -
sso:GetRoleCredentials                           -
sso:CreateToken                                  -
sso-directory:AssociateDirectory                 sso:AssociateDirectory
signin:ConsoleLogin                              -
signin:SwitchRole                                -
amazonmq:CreateBroker                            mq:CreateBroker
application-insights:CreateApplication           applicationinsights:CreateApplication
iotsecuredtunneling:OpenTunnel                   iot:OpenTunnel
dataplane.payment-cryptography:EncryptData       payment-cryptography:EncryptData
models.lex:PutBot                                lex:PutBot
streams.dynamodb:GetRecords                      dynamodb:GetRecords
featurestore-runtime.sagemaker:PutRecord         sagemaker:PutRecord
rolesanywhere:CreateSession                      -
sso:ListAccountRoles                             -
sso:ListAccounts                                 -
`;

/** `service:Call` as CloudTrail names both, and the IAM actions, sorted. */
export const HARD_CASES: readonly (readonly [call: string, actions: readonly string[]])[] = CASES.trim()
  .split('\n')
  .map((line) => {
    const [call = '', ...actions] = line.split(/\s+/);
    return [call, actions.filter((action) => action !== '-')];
  });
