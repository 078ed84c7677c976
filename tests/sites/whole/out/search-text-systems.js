forewarn.searchTexts([[4,-1,"Keeps the payments."],[4,0,"Fail over."]]);
