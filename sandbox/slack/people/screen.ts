import { fieldsList } from '../checks/shape.ts';
import { APP, type Screen, type ScreenUser, type SlackSnapshot, type SlackUser } from '../model.ts';
import { dmWith, type Workspace } from '../workspace.ts';

/** See `SlackSnapshot`. The lists are copies; their items must not be changed. */
export function snapshotOf(workspace: Workspace): SlackSnapshot {
  return {
    messages: workspace.messages.map(({ channel, ts, threadTs, text, blocks, attachments, edits }) => ({
      channel,
      ts,
      threadTs,
      text,
      blocks,
      attachments,
      edits,
    })),
    ephemerals: workspace.ephemerals.map(({ user, channel, text }) => ({ user, channel, text })),
    views: workspace
      .openViews()
      .map((view) => ({ user: view.user, type: view.type, view: workspace.viewObject(view) })),
    screen: screenOf(workspace),
  };
}

/** See `Screen`. */
function screenOf(workspace: Workspace): Screen {
  const users = [...workspace.users.values()];
  const spokenIn = new Set([...workspace.messages, ...workspace.ephemerals].map(({ channel }) => channel));
  return {
    team: { id: workspace.team.id, name: workspace.team.name },
    app: { id: APP.id, name: APP.name, botUserId: APP.botUserId },
    users: users.map((user) => screenUser(workspace, user)),
    channels: [
      ...[...workspace.channels.values()].map(({ id, name, members }) => ({ id, name, members })),
      ...users
        .filter((user) => spokenIn.has(dmWith(user.id)))
        .map((user) => ({ id: dmWith(user.id), name: APP.name, members: [user.id], user: user.id })),
    ],
    messages: workspace.messages.map(({ author, ...message }) => ({
      ...message,
      author:
        author.kind === 'app'
          ? {
              name: author.username ?? APP.name,
              userId: APP.botUserId,
              app: true,
              ...(author.icon === undefined ? {} : { icon: author.icon }),
            }
          : { name: workspace.user(author.userId)?.real_name ?? author.userId, userId: author.userId, app: false },
    })),
    ephemerals: workspace.ephemerals,
    views: workspace.openViews().map((view) => ({
      id: view.id,
      user: view.user,
      type: view.type,
      hash: view.hash,
      view: { ...view.fields, blocks: fieldsList(view.fields.blocks), state: { values: view.values } },
      offered: view.offered,
    })),
    failures: workspace.failures,
  };
}

function screenUser(workspace: Workspace, user: SlackUser): ScreenUser {
  const foreign = user.is_stranger === true || (user.team_id !== undefined && user.team_id !== workspace.team.id);
  const notes = [
    ...(user.is_restricted === true || user.is_ultra_restricted === true ? ['guest'] : []),
    ...(foreign ? ['other company'] : []),
    ...(user.deleted === true ? ['deactivated'] : []),
    ...(user.is_bot === true ? ['bot'] : []),
  ];
  return { id: user.id, name: user.name, realName: user.real_name, tz: user.tz ?? 'UTC', notes };
}
