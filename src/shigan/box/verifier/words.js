// What each check says when it holds: [Chinese, English]. The codes are those of count.js.
"use strict";
const words = {
  "format": ["文件是票箱的核验包，格式完整", "The file is a complete bundle of a ballot box"],
  "manifest": ["方案合规，票码清单和计票表属于这个方案", "The manifest is sound; slips and tally belong to it"],
  "slip-root": ["各类票码清单与公示的根值一致", "The slips of each class have the root that was announced"],
  "slip-count": ["票码数与印制数一致", "There are as many slips as were to be printed"],
  "commitment": ["试投票与事先封存的承诺一致", "The test ballots are those committed to beforehand"],
  "leaf-order": ["票按编号排列，没有重复", "The ballots are in order of their numbers, none twice"],
  "unknown-ballot": ["每张票都出自一张纸质票码或一个电子票权", "Every ballot comes from a slip or a token"],
  "bad-token": ["每个电子票权都有有效的签名", "Every token carries a valid signature"],
  "class": ["每张票的类别与其票码、票权一致", "Every ballot is of the class of its slip or token"],
  "row": ["每张票的填写都符合方案", "Every ballot is filled in as the manifest admits"],
  "slips-balance": ["印制数 = 发出 + 未用 + 试投", "Slips made = handed out + unused + test ballots"],
  "too-many-slips": ["纸质票码投出的票不多于发出数", "No more ballots on slips than were handed out"],
  "too-many-tokens": ["电子票权投出的票不多于领取数", "No more ballots on tokens than were issued"],
  "too-many-people": ["实到不多于应到", "No more people present than are entitled"],
  "canary-missing": ["试投票全部在票箱里", "All test ballots are in the box"],
  "canary-changed": ["试投票与当时所填的一样", "The test ballots are as they were cast"],
  "box-root": ["票箱的根值和票数与封存的一致", "Root and number of ballots are those that were sealed"],
  "result": ["重新计算的结果与公布的结果一字不差", "The result made anew is the published one, letter by letter"],
};
