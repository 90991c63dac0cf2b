/**
 * Descriptions in Chinese have no spaces between words, so only one thing is read in them: an act that the first
 * sentence joins to another one ("downloads and deploys"). The name is in Latin letters and says the rest.
 */
import type { Effect } from '../../model/effect.ts';

const joinedChange =
  /[并和或、及](?:自动)?(?:部署|创建|新增|添加|更新|修改|写入|发送|上传|发布|保存|安装|执行|启动|停止|绑定)/;
const joinedRemoval = /[并和或、及](?:自动)?(?:删除|移除|清空|销毁|卸载|清除)/;

export function chineseAct(description: string): Effect | undefined {
  const sentence = description.slice(0, 200).split(/[。！；\n]/)[0] ?? '';
  if (joinedRemoval.test(sentence)) return 'delete';
  return joinedChange.test(sentence) ? 'write' : undefined;
}
