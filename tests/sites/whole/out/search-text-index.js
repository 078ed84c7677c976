forewarn.searchTexts([[0,-1,"What happened."],[1,-1,"Text with code, a link and a picture: A flow left right 1 2 done open An alert. A footnote."]]);
