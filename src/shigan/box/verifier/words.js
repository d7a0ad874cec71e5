// What each check says when it holds: [Chinese, English]. The codes are those of count.js.
"use strict";
const words = {
  "format": ["文件是票箱的核验包，格式完整", "The file is a complete bundle of a ballot box"],
  "manifest": ["评议方案合规", "The manifest is sound"],
  "slip-root": ["票码清单属于这个方案，并与备案的树根一致", "The lists of slips belong to the manifest and have their roots"],
  "slip-count": ["票码数与方案的制票数一致", "There are as many slips as the manifest says"],
  "commitment": ["校验票与事先的承诺一致", "The canaries are those that were committed to"],
  "leaf-order": ["选票按编号排好，没有重复", "The ballots are sorted and none is there twice"],
  "unknown-ballot": ["每张票都有票码或领票凭证", "Every ballot comes from a slip or a token"],
  "bad-token": ["每张用领票凭证投的票，凭证签名都有效", "The token of every ballot cast with one verifies"],
  "class": ["每张票的票类与其票码、凭证一致", "Every ballot is of the class of its slip or token"],
  "row": ["每张票的勾选都合票面", "The marks of every ballot fit the sheet"],
  "slips-balance": ["制票数 = 发出 + 剩余 + 校验票", "Slips made = handed out + unused + canaries"],
  "too-many-slips": ["用票码投的票不多于发出的票", "No more ballots on slips than were handed out"],
  "too-many-tokens": ["用凭证投的票不多于领取数", "No more ballots on tokens than were issued"],
  "too-many-people": ["实到、发出都不多于应到", "No more present and no more handed out than entitled"],
  "canary-missing": ["校验票全部在票箱里", "All canaries are in the box"],
  "canary-changed": ["校验票的勾选没有改动", "The marks of the canaries are as they were cast"],
  "box-root": ["选票与封箱时的树根和票数一致", "The ballots have the sealed root and number"],
  "result": ["重新计算的结果与公布的结果一字不差", "The result counted anew is the published one"],
};
