"""The desk (收箱工作台): the closing ceremony on screen. Who may do what (`keys`), where the box stands
(`state`), every address (`desk`); its pages are in `pages/desk`."""
