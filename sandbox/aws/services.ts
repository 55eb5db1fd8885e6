import * as accountPackage from '@aws-sdk/client-account';
import * as athenaPackage from '@aws-sdk/client-athena';
import * as cloudformationPackage from '@aws-sdk/client-cloudformation';
import * as cloudtrailPackage from '@aws-sdk/client-cloudtrail';
import * as cloudwatchPackage from '@aws-sdk/client-cloudwatch';
import * as cloudwatchLogsPackage from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodbPackage from '@aws-sdk/client-dynamodb';
import * as eventbridgePackage from '@aws-sdk/client-eventbridge';
import * as iamPackage from '@aws-sdk/client-iam';
import * as identitystorePackage from '@aws-sdk/client-identitystore';
import * as lambdaPackage from '@aws-sdk/client-lambda';
import * as organizationsPackage from '@aws-sdk/client-organizations';
import * as s3Package from '@aws-sdk/client-s3';
import * as secretsManagerPackage from '@aws-sdk/client-secrets-manager';
import * as sesv2Package from '@aws-sdk/client-sesv2';
import * as sfnPackage from '@aws-sdk/client-sfn';
import * as snsPackage from '@aws-sdk/client-sns';
import * as ssoAdminPackage from '@aws-sdk/client-sso-admin';
import * as stsPackage from '@aws-sdk/client-sts';
import { serviceModel } from './wire/model.ts';
import type { ServiceRoute } from './wire/route.ts';

/** The emulated services: how each is recognized on the wire, and the model from the package of its SDK client. */
export const SERVICES: readonly ServiceRoute[] = [
  { name: 'cloudformation', protocol: 'query', scope: 'cloudformation', model: serviceModel(cloudformationPackage) },
  { name: 'account', protocol: 'rest-json', scope: 'account', model: serviceModel(accountPackage) },
  { name: 'athena', protocol: 'json', target: 'AmazonAthena', model: serviceModel(athenaPackage) },
  { name: 'cloudtrail', protocol: 'json', target: 'CloudTrail_20131101', model: serviceModel(cloudtrailPackage) },
  {
    name: 'cloudwatch',
    protocol: 'json',
    target: 'GraniteServiceVersion20100801',
    model: serviceModel(cloudwatchPackage),
  },
  { name: 'cloudwatch-logs', protocol: 'json', target: 'Logs_20140328', model: serviceModel(cloudwatchLogsPackage) },
  { name: 'dynamodb', protocol: 'json', target: 'DynamoDB_20120810', model: serviceModel(dynamodbPackage) },
  { name: 'eventbridge', protocol: 'json', target: 'AWSEvents', model: serviceModel(eventbridgePackage) },
  { name: 'iam', protocol: 'query', scope: 'iam', model: serviceModel(iamPackage) },
  { name: 'identitystore', protocol: 'json', target: 'AWSIdentityStore', model: serviceModel(identitystorePackage) },
  { name: 'lambda', protocol: 'rest-json', scope: 'lambda', model: serviceModel(lambdaPackage) },
  {
    name: 'organizations',
    protocol: 'json',
    target: 'AWSOrganizationsV20161128',
    model: serviceModel(organizationsPackage),
  },
  { name: 's3', protocol: 's3', scope: 's3', model: serviceModel(s3Package) },
  { name: 'secrets-manager', protocol: 'json', target: 'secretsmanager', model: serviceModel(secretsManagerPackage) },
  { name: 'sesv2', protocol: 'rest-json', scope: 'ses', model: serviceModel(sesv2Package) },
  { name: 'sfn', protocol: 'json', target: 'AWSStepFunctions', model: serviceModel(sfnPackage) },
  { name: 'sns', protocol: 'query', scope: 'sns', model: serviceModel(snsPackage) },
  { name: 'sso-admin', protocol: 'json', target: 'SWBExternalService', model: serviceModel(ssoAdminPackage) },
  { name: 'sts', protocol: 'query', scope: 'sts', model: serviceModel(stsPackage) },
];
