import airtable from './airtable.json';
import argocd from './argocd.json';
import asana from './asana.json';
import auth0 from './auth0.json';
import azure from './azure.json';
import azureDevops from './azure-devops.json';
import backlog from './backlog.json';
import bitbucket from './bitbucket.json';
import bitwarden from './bitwarden.json';
import braveSearch from './brave-search.json';
import brightdata from './brightdata.json';
import browserbase from './browserbase.json';
import chromeDevtools from './chrome-devtools.json';
import circleci from './circleci.json';
import cloudflare from './cloudflare.json';
import contentful from './contentful.json';
import context7 from './context7.json';
import coolify from './coolify.json';
import datadog from './datadog.json';
import desktopCommander from './desktop-commander.json';
import digitalocean from './digitalocean.json';
import discord from './discord.json';
import discourse from './discourse.json';
import erpnext from './erpnext.json';
import everything from './everything.json';
import exa from './exa.json';
import excalidraw from './excalidraw.json';
import fetch from './fetch.json';
import figmaConsole from './figma-console.json';
import filesystem from './filesystem.json';
import firecrawl from './firecrawl.json';
import firefoxDevtools from './firefox-devtools.json';
import gitCyanheads from './git-cyanheads.json';
import github from './github.json';
import gitlab from './gitlab.json';
import gmail from './gmail.json';
import googleCalendar from './google-calendar.json';
import googleDrive from './google-drive.json';
import googleMaps from './google-maps.json';
import heroku from './heroku.json';
import hostinger from './hostinger.json';
import hubspot from './hubspot.json';
import iosSimulator from './ios-simulator.json';
import jiraCloud from './jira-cloud.json';
import kubernetes from './kubernetes.json';
import kubernetesContainers from './kubernetes-containers.json';
import lark from './lark.json';
import launchdarkly from './launchdarkly.json';
import linear from './linear.json';
import mapbox from './mapbox.json';
import memory from './memory.json';
import metabase from './metabase.json';
import microsoft365 from './microsoft-365.json';
import miro from './miro.json';
import mobile from './mobile.json';
import monday from './monday.json';
import mongodb from './mongodb.json';
import mysqlBerthojoris from './mysql-berthojoris.json';
import n8n from './n8n.json';
import neon from './neon.json';
import netlify from './netlify.json';
import notion from './notion.json';
import paddle from './paddle.json';
import pinecone from './pinecone.json';
import plane from './plane.json';
import playwright from './playwright.json';
import playwrightExecuteautomation from './playwright-executeautomation.json';
import postgres from './postgres.json';
import postgresHenkey from './postgres-henkey.json';
import postman from './postman.json';
import type { Profile } from './profile-schema.ts';
import puppeteer from './puppeteer.json';
import redis from './redis.json';
import replicate from './replicate.json';
import resend from './resend.json';
import robloxStudio from './roblox-studio.json';
import runpod from './runpod.json';
import salesforce from './salesforce.json';
import selenium from './selenium.json';
import sentry from './sentry.json';
import sequentialThinking from './sequential-thinking.json';
import shopify from './shopify.json';
import shortcut from './shortcut.json';
import shrimpTaskManager from './shrimp-task-manager.json';
import slack from './slack.json';
import sqlite from './sqlite.json';
import supabase from './supabase.json';
import tauri from './tauri.json';
import tavily from './tavily.json';
import time from './time.json';
import todoist from './todoist.json';
import trello from './trello.json';
import xcodebuild from './xcodebuild.json';
/** One file per well-known server; README.md says how to add one. */

export const profiles = [
  airtable,
  argocd,
  asana,
  auth0,
  azure,
  azureDevops,
  backlog,
  bitbucket,
  bitwarden,
  braveSearch,
  brightdata,
  browserbase,
  chromeDevtools,
  circleci,
  cloudflare,
  contentful,
  context7,
  coolify,
  datadog,
  desktopCommander,
  digitalocean,
  discord,
  discourse,
  erpnext,
  everything,
  exa,
  excalidraw,
  fetch,
  figmaConsole,
  filesystem,
  firecrawl,
  firefoxDevtools,
  gitCyanheads,
  github,
  gitlab,
  gmail,
  googleCalendar,
  googleDrive,
  googleMaps,
  heroku,
  hostinger,
  hubspot,
  iosSimulator,
  jiraCloud,
  kubernetes,
  kubernetesContainers,
  lark,
  launchdarkly,
  linear,
  mapbox,
  memory,
  metabase,
  microsoft365,
  miro,
  mobile,
  monday,
  mongodb,
  mysqlBerthojoris,
  n8n,
  neon,
  netlify,
  notion,
  paddle,
  pinecone,
  plane,
  playwright,
  playwrightExecuteautomation,
  postgres,
  postgresHenkey,
  postman,
  puppeteer,
  redis,
  replicate,
  resend,
  robloxStudio,
  runpod,
  salesforce,
  selenium,
  sentry,
  sequentialThinking,
  shopify,
  shortcut,
  shrimpTaskManager,
  slack,
  sqlite,
  supabase,
  tauri,
  tavily,
  time,
  todoist,
  trello,
  xcodebuild,
] as readonly unknown[] as readonly Profile[];
