import type { Call } from '../call.ts';
import { type FlagRule, given, isOnly, texts } from './rule.ts';

/** Instance types with accelerators, with much memory, for HPC, or of the largest sizes. */
const EXPENSIVE = /^(p\d|g\d|trn|inf|dl\d|f\d|x\d|u-|hpc)|\.(metal|(1[2-9]|[2-9]\d|\d{3})xlarge)/i;
const MANY_INSTANCES = 5;

function isModestLaunch(call: Call): boolean {
  const types = texts(given(call, 'instanceType'));
  const count = Math.max(0, ...texts([...given(call, 'maxCount'), ...given(call, 'minCount')]).map(Number));
  return types.length > 0 && !types.some((type) => EXPENSIVE.test(type)) && count < MANY_INSTANCES;
}

/** Calls that run commands or code, and calls that cost. */
export const CODE_RULES: readonly FlagRule[] = [
  {
    id: 'shell-opened',
    flag: 'shell-and-code',
    actions: [
      'cloudshell:CreateEnvironment',
      'cloudshell:CreateSession',
      'ec2-instance-connect:OpenTunnel',
      'ec2-instance-connect:SendSSHPublicKey',
      'ec2-instance-connect:SendSerialConsoleSSHPublicKey',
      'ecs:ExecuteCommand',
      'eks:AccessKubernetesApi',
      'ssm:ResumeSession',
      'ssm:StartSession',
    ],
    why: 'What is done in a shell is in no trail of API calls.',
    benign: 'The usual way to look into a machine. Session logs say what was typed.',
  },
  {
    id: 'command-run',
    flag: 'shell-and-code',
    actions: [
      'batch:SubmitJob',
      'codebuild:StartBuild',
      'ssm:CreateAssociation',
      'ssm:CreateDocument',
      'ssm:SendCommand',
      'ssm:StartAutomationExecution',
      'ssm:UpdateDocument',
    ],
    why: 'Commands run on machines, with the rights of those machines.',
    benign: 'Patching and the runbooks of operations.',
  },
  {
    id: 'login-key',
    flag: 'shell-and-code',
    actions: ['ec2:CreateKeyPair', 'ec2:ImportKeyPair'],
    why: 'A key that opens machines started from now on.',
    benign: 'A key for a new fleet.',
  },
  {
    id: 'start-script',
    flag: 'shell-and-code',
    actions: ['ec2:ModifyInstanceAttribute'],
    why: 'A script that runs as root at the next start; or protection against termination that is gone.',
    benign: 'Another attribute, which is left alone.',
    harmless: (call) =>
      call.request != null &&
      given(call, 'userData').length === 0 &&
      !isOnly(call, 'attribute', 'userData') &&
      !texts(
        given(call, 'disableApiTermination').flatMap((value) => [value, ...Object.values(Object(value))]),
      ).includes('false'),
  },
  {
    id: 'container-run',
    flag: 'shell-and-code',
    actions: ['ecr:PutImage', 'ecs:CreateService', 'ecs:RegisterTaskDefinition', 'ecs:RunTask', 'ecs:StartTask'],
    why: 'Code of the person’s choice, with the rights of the task’s role.',
    benign: 'A deployment.',
  },
  {
    id: 'function-code',
    flag: 'shell-and-code',
    actions: ['lambda:CreateEventSourceMapping', 'lambda:PublishLayerVersion', 'lambda:UpdateFunctionCode'],
    why: 'Code of the person’s choice, with the rights of the function’s role.',
    benign: 'A deployment, or a repair in place.',
  },
  {
    id: 'function-settings',
    flag: 'shell-and-code',
    actions: ['lambda:UpdateFunctionConfiguration'],
    why: 'A layer or another role is code or rights of somebody’s choice.',
    benign: 'Memory or time limit are changed, which is left alone.',
    harmless: (call) =>
      call.request != null &&
      ['layers', 'role', 'handler', 'environment', 'runtime'].every((member) => given(call, member).length === 0),
  },
  {
    id: 'notebook-or-job',
    flag: 'shell-and-code',
    actions: [
      'glue:CreateDevEndpoint',
      'glue:UpdateDevEndpoint',
      'sagemaker:CreateAutoMLJob',
      'sagemaker:CreateNotebookInstance',
      'sagemaker:CreateNotebookInstanceLifecycleConfig',
      'sagemaker:CreatePipeline',
      'sagemaker:CreatePresignedNotebookInstanceUrl',
      'sagemaker:CreateProcessingJob',
      'sagemaker:CreateTrainingJob',
      'sagemaker:UpdateNotebookInstanceLifecycleConfig',
    ],
    why: 'A shell or script with the rights of another role.',
    benign: 'Work on data and models.',
  },
  {
    id: 'stack-created',
    flag: 'shell-and-code',
    actions: ['cloudformation:CreateStack', 'cloudformation:CreateStackInstances'],
    why: 'A template makes whatever its role may make, in one call.',
    benign: 'A deployment.',
  },
  {
    id: 'agent-changed',
    flag: 'shell-and-code',
    actions: [
      'bedrock:AssociateAgentCollaborator',
      'bedrock:AssociateAgentKnowledgeBase',
      'bedrock:CreateAgent',
      'bedrock:CreateAgentActionGroup',
      'bedrock:CreateAgentAlias',
      'bedrock:CreateDataSource',
      'bedrock:IngestKnowledgeBaseDocuments',
      'bedrock:PrepareAgent',
      'bedrock:StartIngestionJob',
      'bedrock:UpdateAgent',
      'bedrock:UpdateAgentActionGroup',
      'bedrock:UpdateAgentAlias',
      'bedrock:UpdateAgentCollaborator',
      'bedrock:UpdateAgentKnowledgeBase',
      'bedrock:UpdateDataSource',
      'bedrock:UpdateKnowledgeBase',
    ],
    why: 'An agent acts on what it was told, for everybody who asks it.',
    benign: 'Work on an agent.',
  },
  {
    id: 'machines-started',
    flag: 'cost',
    actions: ['ec2:RunInstances', 'ec2:RequestSpotInstances', 'ec2:CreateFleet', 'eks:CreateCluster'],
    why: 'Many or large machines cost by the hour, and mine as well as they compute.',
    benign: 'A few machines of usual size, which are left alone.',
    harmless: isModestLaunch,
  },
  {
    id: 'model-bought',
    flag: 'cost',
    actions: [
      'bedrock:CreateCustomModelDeployment',
      'bedrock:CreateFoundationModelAgreement',
      'bedrock:CreateMarketplaceModelEndpoint',
      'bedrock:CreateModelImportJob',
      'bedrock:CreateProvisionedModelThroughput',
      'bedrock:PutFoundationModelEntitlement',
      'bedrock:PutUseCaseForModelAccess',
      'bedrock:RegisterMarketplaceModelEndpoint',
      'bedrock:UpdateProvisionedModelThroughput',
      'ec2:PurchaseReservedInstancesOffering',
      'savingsplans:CreateSavingsPlan',
      'servicequotas:RequestServiceQuotaIncrease',
    ],
    why: 'Money is bound, for a month or for years.',
    benign: 'A purchase that was agreed on.',
  },
  {
    id: 'model-used',
    flag: 'cost',
    actions: [
      'bedrock:Converse',
      'bedrock:ConverseStream',
      'bedrock:InvokeModel',
      'bedrock:InvokeModelWithResponseStream',
    ],
    why: 'Models are paid by use, and sold on by those who steal access.',
    benign: 'A test of a model.',
  },
];
